import { type Chat, ChatError, type ChatTypes } from '@statechat/core'
import { type Accessor, createComponent, createContext, type JSX, useContext } from 'solid-js'
import { firstSnapshot } from './first-snapshot.ts'

export const ChatContext = createContext<Accessor<Chat>>()

export interface ChatProviderProps {
  chat: Chat
  children?: JSX.Element
}

/**
 * Gives a chat to everything below: `useChat()` and `useChatContext()` find it there. The chat stays the property
 * of whoever made it.
 *
 * @example
 * const chat = useChat({ connection: fetchServerSentEvents('/api/chat') })
 * return <ChatProvider chat={chat.chat}><Messages /><Composer /></ChatProvider>
 */
export function ChatProvider(props: ChatProviderProps): JSX.Element {
  firstSnapshot(props.chat)
  return createComponent(ChatContext.Provider, {
    value: () => props.chat,
    get children() {
      return props.children
    },
  })
}

/**
 * The chat of the nearest {@link ChatProvider}, as an accessor. Throws `ChatError` `misuse` if there is none. What it knows of its
 * tools is for the caller to say: `useChatContext<TypesFrom<typeof tools>>()`.
 */
export function useChatContext<Types extends ChatTypes = ChatTypes>(): Accessor<Chat<Types>>
export function useChatContext(): Accessor<Chat> {
  const chat = useContext(ChatContext)
  if (!chat) throw new ChatError('misuse', 'useChatContext() found no chat: there is no <ChatProvider chat={chat}> above this component.')
  return chat
}
