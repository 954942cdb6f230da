import { createChat, fetchServerSentEvents } from '@statechat/core'
import { shareTabs } from '@statechat/core/tabs'

/** One tab of a chat that goes together with the others of its thread. */
export function open(threadId: string) {
  const chat = createChat({ threadId, connection: fetchServerSentEvents('/api/chat', { resumable: true }), tabs: shareTabs() })
  chat.attach()
  return {
    send: (content: string) => void chat.sendMessage(content),
    stop: () => void chat.stop(),
    /** Status and texts, e.g. `idle: Hello | Hi`. */
    shown() {
      const { status, messages } = chat.getSnapshot()
      return `${status}: ${messages.map(({ parts }) => parts.map((part) => (part.type === 'text' ? part.content : '')).join('')).join(' | ')}`
    },
  }
}

Object.assign(globalThis, { open })
