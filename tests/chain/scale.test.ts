import { LLMock } from '@copilotkit/aimock'
import type { Chunk } from '@statechat/core'
import { openai } from '@statechat/server/openai'
import { scripted } from '@statechat/server/scripted'
import { describe, expect, it, onTestFinished } from 'vitest'
import { FRAMINGS, ourServer } from './support/our-server.ts'
import { link } from './support/proxy.ts'
import { open, textOf, transcript, untilSaid } from './support/session.ts'

describe.each(FRAMINGS)('a long answer, by $name', (framing) => {
  const COUNT = 20_000
  const long = Array.from({ length: COUNT }, (_, i) => String(i).padStart(6, '0')).join('')

  it('of 20,000 deltas arrives complete and in order, in one turn', { timeout: 60_000 }, async () => {
    const { connect } = await ourServer(scripted({ delayMs: 0, chunkSize: 6, script: [long] }), framing)
    const deltas: string[] = []
    const onChunk = (chunk: Chunk) => void (chunk.type === 'TEXT_MESSAGE_CONTENT' && deltas.push(chunk.delta))
    const { chat, finishes, warnings } = open({ connection: connect(), onChunk })
    const { outcome, message } = await chat.sendMessage('Count')
    expect(outcome).toBe('finished')
    expect(deltas).toHaveLength(COUNT)
    expect(deltas.join('') === long).toBe(true)
    expect(textOf(message) === long).toBe(true)
    expect([finishes.length, warnings]).toEqual([1, []])
  })

  it('of 20,000 deltas can be stopped in the middle, and is at once', { timeout: 60_000 }, async () => {
    const { connect } = await ourServer(scripted({ delayMs: 0, chunkSize: 6, script: [long] }), framing)
    const { chat, warnings } = open({ connection: connect() })
    const turn = chat.sendMessage('Count')
    await untilSaid(chat, '000100')
    chat.stop()
    const said = textOf(chat.messages.get()[1])
    expect((await turn).outcome).toBe('stopped')
    expect(textOf(chat.messages.get()[1])).toBe(said)
    expect(long.startsWith(said)).toBe(true)
    expect([said.length < long.length, warnings]).toEqual([true, []])
  })

  it('in pieces that end anywhere arrives complete', { timeout: 60_000 }, async () => {
    const text = 'Żółw 🐢 — “€” '.repeat(200)
    const { url, connect } = await ourServer(scripted({ delayMs: 0, chunkSize: 7, script: [text] }), framing)
    for (const piece of [13, 101, 1009]) {
      const wire = await link(url, { piece })
      const { chat } = open({ connection: connect(wire.url) })
      expect(textOf((await chat.sendMessage('Say it')).message)).toBe(text)
    }
  })
})

describe('fifty chats at once with one server', () => {
  const names = Array.from({ length: 50 }, (_, i) => `chat-${i}`)

  it('keep apart: nobody sees a chunk of another', { timeout: 60_000 }, async () => {
    const echo = scripted({
      delayMs: 0,
      chunkSize: 3,
      script: ({ messages, threadId }) => {
        const last = messages.findLast(({ role }) => role === 'user')
        return [
          { reasoning: `${threadId} thinks. ` },
          { tool: 'note', input: { threadId }, output: { threadId } },
          `${threadId} heard “${String(last?.content)}”, after ${messages.length}.`,
        ]
      },
    })
    const connection = (await ourServer(echo)).connect()
    const results = await Promise.all(
      names.map(async (name, i) => {
        const foreign: Chunk[] = []
        const onChunk = (chunk: Chunk) => void ('threadId' in chunk && chunk.threadId !== name && foreign.push(chunk))
        const { chat, finishes, warnings } = open({ connection, threadId: name, onChunk })
        // Two of three in one tick; every fifth chat stops its first turn.
        const first = chat.sendMessage(`one of ${name}`)
        const second = i % 5 === 0 ? null : chat.sendMessage(`two of ${name}`)
        if (!second) {
          await untilSaid(chat, `${name} heard`)
          chat.stop()
        }
        const outcomes = [
          (await first).outcome,
          (await (second ?? chat.sendMessage(`two of ${name}`))).outcome,
          (await chat.sendMessage(`three of ${name}`)).outcome,
        ]
        return { name, i, chat, outcomes, foreign, finishes, warnings }
      }),
    )
    for (const { name, i, chat, outcomes, foreign, finishes, warnings } of results) {
      expect([foreign, warnings]).toEqual([[], []])
      const isStopped = i % 5 === 0 && outcomes[0] === 'stopped'
      expect(outcomes).toEqual([isStopped ? 'stopped' : 'finished', 'finished', 'finished'])
      expect(finishes.map(({ info }) => info.threadId)).toEqual(finishes.map(() => name))
      const messages = chat.messages.get()
      expect(messages).toHaveLength(6)
      expect(transcript(chat)[3]).toMatch(new RegExp(`^assistant: ${name} heard “two of ${name}”, after \\d+\\.$`))
      expect(
        JSON.stringify(messages)
          .match(/chat-\d+/g)
          ?.filter((found) => found !== name),
      ).toEqual([])
      expect(new Set(messages.map(({ id }) => id)).size).toBe(6)
    }
  })

  it('keep apart with the openai package and another’s server behind them', { timeout: 60_000 }, async () => {
    const mock = new LLMock({ port: 0, latency: 0, chunkSize: 4, strict: true, logLevel: 'silent', journalMaxEntries: 0 })
    for (const name of names) mock.onMessage(new RegExp(`^I am ${name}$`), { content: `Hello ${name}, nice to meet you, ${name}.` })
    await mock.start()
    onTestFinished(() => mock.stop())
    const { connect } = await ourServer(openai({ baseURL: `${mock.url}/v1`, model: 'm' }), FRAMINGS[1])
    const transcripts = await Promise.all(
      names.map(async (name) => {
        const { chat } = open({ connection: connect(), threadId: name })
        await chat.sendMessage(`I am ${name}`)
        return transcript(chat)
      }),
    )
    expect(transcripts).toEqual(names.map((name) => [`user: I am ${name}`, `assistant: Hello ${name}, nice to meet you, ${name}.`]))
    expect(mock.getRequests()).toHaveLength(50)
  })
})
