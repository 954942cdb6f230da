import { cleanup, render } from '@testing-library/vue'
import {
  type Chat,
  type ChatOptions,
  type Connection,
  syncScheduler,
  type UIMessage,
  useChat,
  type UseChatOptions,
  type UseChatResult,
} from '@statechat/vue'
import { defineComponent, h, nextTick, shallowRef } from 'vue'
import { afterEach } from 'vitest'

if (typeof document !== 'undefined') afterEach(cleanup)

/** Shows each network read at once; a test of frames brings its own scheduler. */
export const owned = (connection: Connection, options: Partial<ChatOptions> = {}): ChatOptions => ({
  connection,
  scheduler: syncScheduler,
  ...options,
})

export const textOf = ({ parts }: UIMessage): string => parts.map((part) => ('content' in part ? String(part.content) : part.type)).join('')

export const user = (id: string, content: string): UIMessage => ({ id, role: 'user', parts: [{ type: 'text', content }] })
export const assistant = (id: string, content: string): UIMessage => ({ id, role: 'assistant', parts: [{ type: 'text', content }] })

/** Everything that was due in timers by now has run, and what Vue then had to do as well. */
export async function later(): Promise<void> {
  for (let i = 0; i < 3; i++) await new Promise((resolve) => setTimeout(resolve))
}

export interface Shown {
  /** What useChat returned. */
  readonly result: UseChatResult
  readonly chat: Chat
  readonly renders: number
  readonly status: string
  readonly error: string
  /** The messages as they stand in the document, e.g. `user: Hello`. */
  readonly lines: string[]
  readonly queue: string[]
  readonly html: string
  update(options: UseChatOptions): Promise<void>
  unmount(): void
}

/** Mounts a component that shows a chat, and reads back what a person would see. */
export function show(options: UseChatOptions): Shown {
  const given = shallowRef(options)
  let result!: UseChatResult
  let renders = 0

  const Screen = defineComponent(() => {
    result = useChat(given)
    const { messages, status, error, queue } = result
    return () => {
      renders++
      return h('main', [
        h('output', status.value),
        h('em', error.value?.code),
        h(
          'ol',
          messages.value.map((message) => h('li', { key: message.id }, `${message.role}: ${textOf(message)}`)),
        ),
        h(
          'ul',
          queue.value.map(({ id, message }) => h('li', { key: id }, textOf(message))),
        ),
      ])
    }
  })

  const { container, unmount } = render(Screen)
  const texts = (selector: string) => [...container.querySelectorAll(selector)].map(({ textContent }) => textContent ?? '')
  return {
    get result() {
      return result
    },
    get chat() {
      return result.chat.value
    },
    get renders() {
      return renders
    },
    get status() {
      return texts('output').join()
    },
    get error() {
      return texts('em').join()
    },
    get lines() {
      return texts('ol > li')
    },
    get queue() {
      return texts('ul > li')
    },
    get html() {
      return container.innerHTML
    },
    update(next) {
      given.value = next
      return nextTick()
    },
    unmount,
  }
}

/** Runs `act` and returns the errors that nobody caught in the meantime, as the page's own error hook would see them. */
export async function uncaught(act: () => Promise<void>): Promise<unknown[]> {
  const errors: unknown[] = []
  const others = process.listeners('uncaughtException')
  process.removeAllListeners('uncaughtException')
  process.on('uncaughtException', (error) => errors.push(error))
  try {
    await act()
    await later()
  } finally {
    process.removeAllListeners('uncaughtException')
    for (const other of others) process.on('uncaughtException', other)
  }
  return errors
}
