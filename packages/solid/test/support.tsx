import { cleanup, render } from '@solidjs/testing-library'
import { type ChatOptions, type Connection, syncScheduler, useChat, type UseChatOptions, type UseChatResult } from '@statechat/solid'
import { createSignal, For } from 'solid-js'
import { afterEach } from 'vitest'
import { textOf } from './text.ts'

export { assistant, textOf, user } from './text.ts'

afterEach(cleanup)

/** Shows each network read at once; a test of frames brings its own scheduler. */
export const owned = (connection: Connection, options: Partial<ChatOptions> = {}): ChatOptions => ({
  connection,
  scheduler: syncScheduler,
  ...options,
})

/** Everything that was due in timers by now has run. */
export async function later(): Promise<void> {
  for (let i = 0; i < 3; i++) await new Promise((resolve) => setTimeout(resolve))
}

export interface Shown {
  readonly chat: UseChatResult
  readonly container: HTMLElement
  readonly status: string
  readonly error: string
  /** The messages as they stand in the document, e.g. `user: Hello`. */
  readonly lines: string[]
  readonly queue: string[]
  update(options: UseChatOptions): void
  unmount(): void
}

/** Mounts a component that shows a chat, and reads back what a person would see. */
export function show(first: UseChatOptions): Shown {
  let chat!: UseChatResult
  const [options, setOptions] = createSignal(first)

  function Screen() {
    chat = useChat(options)
    return (
      <main>
        <output>{chat.status}</output>
        <em>{chat.error?.code}</em>
        <ol>
          <For each={chat.messages}>
            {(message) => (
              <li>
                {message.role}: <For each={message.parts}>{(part) => <span>{'content' in part ? String(part.content) : part.type}</span>}</For>
              </li>
            )}
          </For>
        </ol>
        <ul>
          <For each={chat.queue}>{({ message }) => <li>{textOf(message)}</li>}</For>
        </ul>
      </main>
    )
  }

  const { container, unmount } = render(() => <Screen />)
  const texts = (selector: string) => [...container.querySelectorAll(selector)].map(({ textContent }) => textContent ?? '')
  return {
    get chat() {
      return chat
    },
    container,
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
    update: (next) => void setOptions(next),
    unmount,
  }
}
