'use client'
import { type Chat, ChatError, type ChatTypes } from '@statechat/core'
import { createContext, createElement, type ReactNode, useContext } from 'react'
import { firstSnapshot } from './first-snapshot.ts'

export const ChatContext = createContext<Chat | null>(null)

export interface ChatProviderProps {
  chat: Chat
  children?: ReactNode
}

/**
 * Gives a chat to everything below: `useChat()` and `useChatContext()` find it there. The chat stays the property
 * of whoever made it.
 *
 * @example
 * const { chat } = useChat({ connection: fetchServerSentEvents('/api/chat') })
 * return <ChatProvider chat={chat}><Messages /><Composer /></ChatProvider>
 */
export function ChatProvider({ chat, children }: ChatProviderProps): ReactNode {
  firstSnapshot(chat)
  return createElement(ChatContext.Provider, { value: chat }, children)
}

/**
 * The chat of the nearest {@link ChatProvider}. Throws `ChatError` `misuse` if there is none. What it knows of its
 * tools is for the caller to say: nothing carries types down a tree.
 *
 * @example
 * const chat = useChatContext<TypesFrom<typeof tools>>()
 */
export function useChatContext<Types extends ChatTypes = ChatTypes>(): Chat<Types>
export function useChatContext(): Chat {
  const chat = useContext(ChatContext)
  if (!chat) throw new ChatError('misuse', 'useChatContext() found no chat: there is no <ChatProvider chat={chat}> above this component.')
  return chat
}
