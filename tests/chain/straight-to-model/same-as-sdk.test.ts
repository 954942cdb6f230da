import { type FixtureResponse, LLMock } from '@copilotkit/aimock'
import type { UIMessage } from '@statechat/core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { callsOf, open, openParts, textOf, thoughtOf, until } from '../support/session.ts'
import { type Answer, PROVIDERS } from './providers.ts'

/** One answer of aimock, which is not ours, read twice: by the chat with our protocol, and by the provider's own package. */
const mock = new LLMock({ port: 0, latency: 0, strict: true, logLevel: 'silent' })
beforeAll(() => mock.start())
afterAll(() => mock.stop())
beforeEach(() => void mock.reset())

const usage = { prompt_tokens: 9, completion_tokens: 31, input_tokens: 9, output_tokens: 31 }
const LONG = 'A rather long answer, of which every word counts — with “quotes”, ümlauts, 🎉 emoji,\n\n```ts\nconst code = "\\n"\n```\nand more.'
const call = (id: string, name: string, input: unknown) => ({ id, name, arguments: JSON.stringify(input) })

const ANSWERS: Record<string, FixtureResponse> = {
  'a word': { content: 'Hi', usage },
  'a long text': { content: LONG, usage },
  'spaces and line breaks only at the ends': { content: '\n  Hello  \n', usage },
  'reasoning and text': { reasoning: 'They greet me, so I greet them.', content: LONG, usage },
  'one call': { toolCalls: [call('call_a', 'get_weather', { city: 'Rome' })], usage },
  'a call without arguments': { toolCalls: [call('call_a', 'get_time', {})], usage },
  'a call with long arguments': { toolCalls: [call('call_a', 'save', { text: LONG, nested: { list: [1, null, true, { deep: '🎉' }] } })], usage },
  'three calls at once': {
    toolCalls: [call('call_a', 'get_weather', { city: 'Rome' }), call('call_b', 'get_weather', { city: 'Paris' }), call('call_c', 'get_time', {})],
    usage,
  },
  'text and calls': { content: 'Let me look.', toolCalls: [call('call_a', 'get_weather', { city: 'Rome' }), call('call_b', 'get_time', {})], usage },
  'reasoning and calls': { reasoning: 'I need the weather.', toolCalls: [call('call_a', 'get_weather', { city: 'Rome' })], usage },
  'reasoning, text and calls': {
    reasoning: 'I need the weather.',
    content: 'Let me look.',
    toolCalls: [call('call_a', 'get_weather', { city: 'Rome' })],
    usage,
  },
  'names and ids like those of objects': { toolCalls: [call('__proto__', 'constructor', { toString: 1 }), call('hasOwnProperty', 'f', {})], usage },
  'no usage': { content: 'Hi' },
}
const CHUNK_SIZES = [1, 7, 1000]

/** What a person and an application see of it. */
function seen(message: UIMessage | undefined, used: readonly { inputTokens?: number | undefined; outputTokens?: number | undefined }[]): Answer {
  return {
    text: textOf(message),
    thought: thoughtOf(message),
    calls: callsOf(message).map(({ id, name, input }) => ({ id, name, input })),
    usage: { input: used[0]?.inputTokens, output: used[0]?.outputTokens },
  }
}

let compared = 0
describe.each(PROVIDERS)('$name and the official package read the same', ({ connect, ask }) => {
  it.each(Object.keys(ANSWERS).flatMap((name) => CHUNK_SIZES.map((chunkSize) => [name, chunkSize] as const)))(
    '%s, in pieces of %i',
    async (name, chunkSize) => {
      mock.onMessage('Hello', ANSWERS[name]!, { chunkSize })
      const expected = await ask(mock.url, 'Hello')
      const { chat, finishes, errors, warnings } = open({ connection: connect(mock.url) })

      const turn = chat.sendMessage('Hello')
      if (expected.calls.length > 0) {
        await until(chat, ({ phase }) => phase === 'local')
        expect(seen(chat.messages.get().at(-1), chat.getSnapshot().usage)).toEqual(expected)
        chat.stop()
      }
      const { outcome, message, error } = await turn
      expect(error).toBeUndefined()

      if (expected.calls.length === 0) {
        expect(outcome).toBe('finished')
        expect(seen(message, chat.getSnapshot().usage)).toEqual(expected)
        expect(finishes[0]?.info.finishReason).toBe('stop')
      }
      expect([errors, warnings, openParts(chat)]).toEqual([[], [], []])
      compared += 1
    },
  )
})

it('every answer was compared', () => {
  expect(compared).toBe(PROVIDERS.length * Object.keys(ANSWERS).length * CHUNK_SIZES.length)
  console.log(`Read the same as by the official packages: ${compared} answers of ${PROVIDERS.length} APIs.`)
})
