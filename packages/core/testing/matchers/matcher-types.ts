import type { ChatPhase, ChatStatus } from '../../src/view/snapshot.ts'

/** What `chatMatchers` add to `expect`. Each takes a chat, a snapshot (or what `useChat` gives in React, Svelte and Solid); the last two also a message. */
export interface ChatMatchers<R = void> {
  /**
   * The chat is doing this.
   *
   * @example expect(chat).toHaveStatus('streaming')
   */
  toHaveStatus(status: ChatStatus): R
  /**
   * The chat is in this finer state; `error` and `stopped` have none: null.
   *
   * @example expect(chat).toHavePhase('reconnecting')
   */
  toHavePhase(phase: ChatPhase): R
  /**
   * The text of a message, or of a chat's last message, is this one or matches it. Texts on both sides of another part stand on
   * lines of their own; thoughts are not text.
   *
   * @example expect(chat).toHaveText('Hello!')
   */
  toHaveText(text: string | RegExp): R
  /**
   * A tool of this name was called in the message, or in any message of the chat; with an input that has at least these fields.
   *
   * @example expect(chat).toHaveToolCall('weather', { city: 'Paris' })
   */
  toHaveToolCall(name: string, input?: unknown): R
}

/** What is used of the `this` of a matcher in vitest and in jest. */
export interface MatcherContext {
  readonly isNot?: boolean | undefined
  readonly promise?: string | undefined
  equals(a: unknown, b: unknown, customTesters?: never[]): boolean
  readonly utils: {
    matcherHint(name: string, received?: string, expected?: string, options?: { isNot?: boolean; promise?: string }): string
    printExpected(value: unknown): string
    printReceived(value: unknown): string
    readonly iterableEquality: unknown
    readonly subsetEquality: unknown
  }
}

export interface MatcherResult {
  pass: boolean
  message: () => string
}
