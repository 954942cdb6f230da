import { stripVTControlCharacters } from 'node:util'
import { expect as jestExpect } from 'expect'
import { describe, expect, it } from 'vitest'
import '../vitest.ts'
import { chatMatchers, drop, reasoning, run, scriptedConnection, testChat, text, toolCall, toolResult } from '../index.ts'
import type { UIMessage } from '../../src/transcript/message.ts'

jestExpect.extend(chatMatchers)

/** Both of the family, with the same matchers; jest's types are those of `../jest.ts`. */
const FAMILY = [
  ['vitest', expect],
  ['jest', jestExpect as unknown as typeof expect],
] as const

const weather = [...toolCall('c1', 'weather', { city: 'Paris', units: { temperature: 'C', wind: 'kn' } }), toolResult('c1', { celsius: 21 })]

async function answered() {
  const { chat } = testChat({
    connection: scriptedConnection(run([...reasoning('r', 'Hm.'), ...text('m1', 'Let me look.'), ...weather, ...text('m2', 'It is 21 °C.')])),
  })
  await chat.sendMessage('How warm is it in Paris?')
  return chat
}

/** What a failing assertion says, without colours. */
function messageOf(assert: () => void): string {
  try {
    assert()
  } catch (error) {
    return stripVTControlCharacters((error as Error).message)
  }
  throw new Error('It did not fail.')
}

describe.each(FAMILY)("the matchers in %s's expect", (_name, expect) => {
  it('tell status and phase', async () => {
    const { chat, ask } = testChat()
    expect(chat).toHaveStatus('idle')
    expect(chat).toHavePhase('ready')
    await ask('Hi')
    expect(chat).toHaveStatus('streaming')
    expect(chat.getSnapshot()).toHavePhase('connecting')
    expect(chat).not.toHaveStatus('idle')
    chat.stop()
    expect(chat).toHavePhase(null)
  })

  it('tell the text of the last message, or of the one given, without thoughts', async () => {
    const chat = await answered()
    expect(chat).toHaveText('Let me look.\nIt is 21 °C.')
    expect(chat.getSnapshot()).toHaveText(/21 °C\.$/)
    expect(chat).toHaveText(expect.stringContaining('look'))
    expect(chat).not.toHaveText('Let me look.')
    const [question] = chat.getSnapshot().messages
    expect(question).toHaveText('How warm is it in Paris?')
    expect(testChat().chat).not.toHaveText('')
  })

  it('do not remember where a global pattern had matched', async () => {
    const chat = await answered()
    const pattern = /Let/g
    expect(chat).toHaveText(pattern)
    expect(chat).toHaveText(pattern)
  })

  it('tell a call by its name and a part of its input', async () => {
    const chat = await answered()
    expect(chat).toHaveToolCall('weather')
    expect(chat).toHaveToolCall('weather', { city: 'Paris' })
    expect(chat).toHaveToolCall('weather', { units: { wind: 'kn' } })
    expect(chat).toHaveToolCall('weather', { city: expect.stringMatching(/^P/) })
    expect(chat).toHaveToolCall(expect.stringContaining('wea'))
    expect(chat).not.toHaveToolCall('weather', { city: 'Rome' })
    expect(chat).not.toHaveToolCall('weather', { town: 'Paris' })
    expect(chat).not.toHaveToolCall('wind')
    const [question, answer] = chat.getSnapshot().messages
    expect(answer).toHaveToolCall('weather')
    expect(question).not.toHaveToolCall('weather')
  })

  it('show the chat when they fail', async () => {
    const chat = await answered()
    const shown = `The chat is idle (ready):
  user: "How warm is it in Paris?"
  assistant: thinking "Hm."
             "Let me look."
             weather({"city":"Paris","units":{"temperature":"C","wind":"kn"}}) complete → {"celsius":21}
             "It is 21 °C."`
    expect(messageOf(() => expect(chat).toHaveStatus('error'))).toBe(
      `expect(chat).toHaveStatus(expected)\n\nExpected status: "error"\nReceived status: "idle"\n\n${shown}`,
    )
    expect(messageOf(() => expect(chat).not.toHaveText(/21/))).toBe(
      `expect(chat).not.toHaveText(expected)\n\nExpected text: not /21/\nReceived text: "Let me look.\nIt is 21 °C."\n\n${shown}`,
    )
    const called = messageOf(() => expect(chat).toHaveToolCall('weather', { city: 'Rome' }))
    expect(called).toMatch(/Expected a call of "weather" with at least (?:Object )?\{\s*"city": "Rome",?\s*\}/)
    expect(called).toContain(shown)
    expect(messageOf(() => expect(chat).not.toHaveToolCall('weather'))).toContain('Expected no call of "weather"')
  })

  it('show what is open, and why a chat failed', async () => {
    const { chat, connection, ask } = testChat({ connection: scriptedConnection([...run(text('m1', 'Hel')).slice(0, 3), drop()]) })
    await ask('Hi')
    expect(messageOf(() => expect(chat).toHaveStatus('idle'))).toContain(
      'The chat is error:\n  error truncated: The connection broke in the middle.\n  user: "Hi"\n  assistant: "Hel"',
    )
    expect(connection.requests).toHaveLength(1)
    const other = testChat()
    await other.ask('Hi')
    await other.connection.run.push(...run(text('m1', 'Hel')).slice(0, 3))
    expect(messageOf(() => expect(other.chat).toHaveText('Hello'))).toContain('assistant: "Hel" …')
    expect(messageOf(() => expect(testChat().chat).toHaveText('Hello'))).toContain(
      'Received text: undefined\n\nThe chat is idle (ready), without messages.',
    )
  })

  it('show the end of a long chat, and the beginning of a long text', () => {
    const messages = Array.from({ length: 20 }, (_, i): UIMessage => ({
      id: `${i}`,
      role: 'user',
      parts: [{ type: 'text', content: `${i} ${'x'.repeat(1_000)}` }],
    }))
    const message = messageOf(() => expect(testChat({ initialMessages: messages }).chat).toHaveStatus('error'))
    expect(message).toContain('  … 12 more\n  user: "12 xxx')
    expect(message.length).toBeLessThan(2_000)
  })

  it('refuse what is no chat, also under not', () => {
    expect(messageOf(() => expect({ text: 'Hello' }).not.toHaveText('Hi'))).toBe(
      'toHaveText is for a chat, its snapshot or a message; it was given an object with text.',
    )
    expect(messageOf(() => expect(undefined).toHaveStatus('idle'))).toContain('it was given undefined')
    expect(messageOf(() => expect({ role: 'user', parts: [] }).toHaveStatus('idle'))).toBe(
      'toHaveStatus is for a chat or its snapshot; it was given a message.',
    )
  })

  it('can be asked inside of another one', async () => {
    const chat = await answered()
    expect({ chat }).toEqual({ chat: expect.toHaveStatus('idle') })
  })
})

it('know the names of statuses and phases', () => {
  const { chat } = testChat()
  // @ts-expect-error There is no such status.
  expect(chat).not.toHaveStatus('ready')
  // @ts-expect-error There is no such phase.
  expect(chat).not.toHavePhase('idle')
})
