import type { ToolCallPart, UIMessage } from '../../src/transcript/message.ts'
import { describe } from './describe.ts'
import type { MatcherContext, MatcherResult } from './matcher-types.ts'
import { read, readChat, type Received } from './received.ts'

/**
 * Matchers for chats, snapshots and messages: `toHaveStatus`, `toHavePhase`, `toHaveText`, `toHaveToolCall`. For any `expect` of jest's
 * family; `@statechat/core/testing/vitest` and `@statechat/core/testing/jest` add them, with their types.
 *
 * @example
 * expect.extend(chatMatchers)
 */
export const chatMatchers = {
  toHaveStatus(this: MatcherContext, received: unknown, expected: unknown): MatcherResult {
    const shown = readChat(received, 'toHaveStatus')
    return compared(this, { name: 'toHaveStatus', what: 'status', actual: shown.status, expected, given: { type: 'chat', shown } })
  },

  toHavePhase(this: MatcherContext, received: unknown, expected: unknown): MatcherResult {
    const shown = readChat(received, 'toHavePhase')
    return compared(this, { name: 'toHavePhase', what: 'phase', actual: shown.phase, expected, given: { type: 'chat', shown } })
  },

  toHaveText(this: MatcherContext, received: unknown, expected: unknown): MatcherResult {
    const given = read(received, 'toHaveText')
    const message = given.type === 'message' ? given.message : given.shown.messages.at(-1)
    return compared(this, { name: 'toHaveText', what: 'text', actual: message && textOf(message), expected, given })
  },

  toHaveToolCall(this: MatcherContext, received: unknown, name: unknown, ...input: unknown[]): MatcherResult {
    const given = read(received, 'toHaveToolCall')
    const { equals, utils } = this
    const subset = [utils.iterableEquality, utils.subsetEquality] as never[]
    const pass = callsIn(given).some((call) => equals(call.name, name) && (input.length === 0 || equals(call.input, input[0], subset)))
    const call = `${utils.printExpected(name)}${input.length === 0 ? '' : ` with at least ${utils.printExpected(input[0])}`}`
    return {
      pass,
      message: () => `${hint(this, 'toHaveToolCall')}\n\nExpected ${this.isNot ? 'no call' : 'a call'} of ${call}\n\n${describe(given)}`,
    }
  },
}

interface Comparison {
  name: string
  what: string
  actual: unknown
  expected: unknown
  given: Received
}

function compared(context: MatcherContext, { name, what, actual, expected, given }: Comparison): MatcherResult {
  const pass = expected instanceof RegExp ? typeof actual === 'string' && actual.search(expected) >= 0 : context.equals(actual, expected)
  const { printExpected, printReceived } = context.utils
  return {
    pass,
    message: () =>
      `${hint(context, name)}\n\nExpected ${what}: ${context.isNot ? 'not ' : ''}${printExpected(expected)}\nReceived ${what}: ${printReceived(actual)}\n\n${describe(given)}`,
  }
}

const hint = ({ utils, isNot = false, promise = '' }: MatcherContext, name: string): string =>
  utils.matcherHint(name, 'chat', 'expected', { isNot, promise })

/** Texts that another part stands between are lines of their own. */
function textOf({ parts }: UIMessage): string {
  return parts.flatMap((part) => (part.type === 'text' ? [part.content] : [])).join('\n')
}

function callsIn(given: Received): ToolCallPart[] {
  const messages = given.type === 'message' ? [given.message] : given.shown.messages
  return messages.flatMap(({ parts }) => parts.filter((part) => part.type === 'tool-call'))
}
