import {
  type Chat,
  type ChatError,
  type ChatOptions,
  type ChatSnapshot,
  type ChatWarning,
  createChat,
  type FinishInfo,
  type UIMessage,
} from '@statechat/core'
import { onTestFinished } from 'vitest'

/** A chat, and everything it told. */
export interface Session {
  chat: Chat
  finishes: { message: UIMessage | undefined; info: FinishInfo; status: string }[]
  errors: ChatError[]
  warnings: ChatWarning[]
  /** Every status it had, in order. */
  statuses: string[]
}

export function open(options: ChatOptions): Session {
  const session: Omit<Session, 'chat'> = { finishes: [], errors: [], warnings: [], statuses: [] }
  const chat = createChat({
    onFinish: (message, info) => void session.finishes.push({ message, info, status: chat.getSnapshot().status }),
    onError: (error) => void session.errors.push(error),
    onWarning: (warning) => void session.warnings.push(warning),
    ...options,
  })
  chat.status.subscribe(() => session.statuses.push(chat.status.get()))
  onTestFinished(() => chat.dispose())
  return { chat, ...session }
}

/** Resolves as soon as the chat is so. */
export function until(chat: Chat, holds: (snapshot: ChatSnapshot) => boolean): Promise<ChatSnapshot> {
  return new Promise((resolve) => {
    const look = () => {
      const snapshot = chat.getSnapshot()
      if (!holds(snapshot)) return
      unsubscribe()
      resolve(snapshot)
    }
    const unsubscribe = chat.subscribe(look)
    look()
  })
}

/** Resolves as soon as this text is in the last message. */
export const untilSaid = (chat: Chat, text: string): Promise<ChatSnapshot> =>
  until(chat, ({ messages }) => messages.at(-1)?.role === 'assistant' && textOf(messages.at(-1)).includes(text))

export const textOf = (message: UIMessage | undefined): string => contentOf(message, 'text')
export const thoughtOf = (message: UIMessage | undefined): string => contentOf(message, 'thinking')

function contentOf(message: UIMessage | undefined, type: 'text' | 'thinking'): string {
  return (message?.parts ?? []).map((part) => (part.type === type ? part.content : '')).join('')
}

export const callsOf = (message: UIMessage | undefined) => (message?.parts ?? []).filter((part) => part.type === 'tool-call')

/** What a person sees, message by message: `user: …`, `assistant: …`. */
export const transcript = (chat: Chat): string[] => chat.messages.get().map((message) => `${message.role}: ${textOf(message)}`)

/** The states of all parts that are not finished; empty outside a turn. */
export function openParts(chat: Chat): string[] {
  return chat.messages
    .get()
    .flatMap(({ parts }) => parts)
    .flatMap((part) =>
      'state' in part && (part.state === 'streaming' || part.state === 'input-streaming' || part.state === 'awaiting-input')
        ? [`${part.type} ${part.state}`]
        : [],
    )
}
