'use client'
import { type Chat, type ChatCallbacks, ChatError, type ChatOptions } from '@statechat/core'
import { useContext, useEffect, useInsertionEffect } from 'react'
import { ChatContext } from './chat-provider.ts'
import { useOwnedChat } from './use-owned-chat.ts'

/** A chat that is somebody else's: given, or that of the provider above. Callbacks are added to those it has. */
export interface BorrowedChat extends ChatCallbacks {
  chat?: Chat | undefined
  connection?: undefined
}

/** Options to make a chat from, or a chat that there is. */
export type UseChatOptions = (ChatOptions & { chat?: undefined }) | BorrowedChat

/** The chat that a component shows, alive and heard for as long as it does. */
export function useShownChat(options: UseChatOptions): Chat {
  const provided = useContext(ChatContext)
  const owned = useOwnedChat(options.connection && !options.chat ? options : null)
  const chat = owned ?? options.chat ?? provided
  if (!chat)
    throw new ChatError(
      'misuse',
      'useChat() found no chat: give it a connection or a chat, or put a <ChatProvider chat={chat}> above this component.',
    )

  const { onChunk, onFinish, onError, onWarning } = options
  useInsertionEffect(() => chat.listen({ onChunk, onFinish, onError, onWarning }), [chat, onChunk, onFinish, onError, onWarning])

  const isOwned = owned !== null
  useEffect(() => {
    const release = isOwned ? chat.retain() : undefined
    chat.attach()
    return () => {
      chat.detach()
      release?.()
    }
  }, [chat, isOwned])
  return chat
}
