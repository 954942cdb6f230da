import { cleanup, render } from '@testing-library/react'
import { type ChatOptions, type Connection, syncScheduler, type UIMessage, useChat, type UseChatOptions, type UseChatResult } from '@statechat/react'
import type { ComponentType, ReactNode } from 'react'
import { afterEach } from 'vitest'

afterEach(cleanup)

/** Shows each network read at once; a test of frames brings its own scheduler. */
export const owned = (connection: Connection, options: Partial<ChatOptions> = {}): ChatOptions => ({
  connection,
  scheduler: syncScheduler,
  ...options,
})

export const textOf = ({ parts }: UIMessage): string => parts.map((part) => ('content' in part ? String(part.content) : part.type)).join('')

export const user = (id: string, content: string): UIMessage => ({ id, role: 'user', parts: [{ type: 'text', content }] })
export const assistant = (id: string, content: string): UIMessage => ({ id, role: 'assistant', parts: [{ type: 'text', content }] })

/** Everything that was due in timers by now has run, and what React then had to do as well. */
export async function later(): Promise<void> {
  for (let i = 0; i < 3; i++) await new Promise((resolve) => setTimeout(resolve))
}

export interface Shown {
  /** What useChat returned in the last render. */
  readonly result: UseChatResult
  readonly renders: number
  readonly status: string
  readonly error: string
  /** The messages as they stand in the document, e.g. `user: Hello`. */
  readonly lines: string[]
  readonly queue: string[]
  readonly html: string
  update(options: UseChatOptions): void
  unmount(): void
}

/** Mounts a component that shows a chat, and reads back what a person would see. */
export function show(options: UseChatOptions, { wrapper }: { wrapper?: ComponentType<{ children: ReactNode }> } = {}): Shown {
  let result!: UseChatResult
  let renders = 0

  function Screen({ options }: { options: UseChatOptions }) {
    renders++
    result = useChat(options)
    const { messages, status, error, queue } = result
    return (
      <main>
        <output>{status}</output>
        <em>{error?.code}</em>
        <ol>
          {messages.map((message) => (
            <li key={message.id}>{`${message.role}: ${textOf(message)}`}</li>
          ))}
        </ol>
        <ul>
          {queue.map(({ id, message }) => (
            <li key={id}>{textOf(message)}</li>
          ))}
        </ul>
      </main>
    )
  }

  const { container, rerender, unmount } = render(<Screen options={options} />, wrapper ? { wrapper } : {})
  const texts = (selector: string) => [...container.querySelectorAll(selector)].map(({ textContent }) => textContent ?? '')
  return {
    get result() {
      return result
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
    update: (next) => rerender(<Screen options={next} />),
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
