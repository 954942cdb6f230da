import { type Connection, fetchServerSentEvents, type UIMessage } from '@statechat/core'
import { scripted } from '@statechat/server/scripted'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FRAMINGS, ourServer } from './support/our-server.ts'
import { link } from './support/proxy.ts'
import { serveNode } from './support/serve.ts'
import { callsOf, open, openParts, textOf, thoughtOf, transcript, until } from './support/session.ts'

/** A thought, a tool of the server, and text with characters of one, two, three and four bytes. */
const model = () =>
  scripted({
    delayMs: 0,
    chunkSize: 5,
    script: [[{ reasoning: 'Das wäre zu prüfen…' }, { tool: 'look_up', input: { word: '🎉' }, output: { found: true } }, 'Gefunden: 🎉 — für 3 €.']],
  })
const WHOLE = { thought: 'Das wäre zu prüfen…', text: 'Gefunden: 🎉 — für 3 €.' }
/** A message may be shown only as far as it came. */
function expectPrefix(message: UIMessage | undefined): void {
  expect(WHOLE.thought.startsWith(thoughtOf(message))).toBe(true)
  expect(WHOLE.text.startsWith(textOf(message))).toBe(true)
  for (const call of callsOf(message)) expect(['complete', 'cancelled']).toContain(call.state)
}
function expectWhole(message: UIMessage | undefined): void {
  expect({ thought: thoughtOf(message), text: textOf(message) }).toEqual(WHOLE)
  expect(callsOf(message)).toMatchObject([{ name: 'look_up', state: 'complete', input: { word: '🎉' }, output: { found: true } }])
}

/** How many chunks are whole in these bytes of an answer, and whether the last one is the end of the run. */
function framesIn(bytes: Buffer, isSse: boolean): { frames: number; isOver: boolean } {
  const frame = isSse ? /^data: \{"type":"([A-Z_]+)".*\}\n\n/gm : /^\{"type":"([A-Z_]+)".*\}\n/gm
  const types = [...bytes.toString('utf8').matchAll(frame)].map(([, type]) => type)
  return { frames: types.length, isOver: types.at(-1) === 'RUN_FINISHED' }
}

describe.each(FRAMINGS)('a connection that is cut, by $name', (framing) => {
  async function recording(): Promise<{ url: string; bytes: Buffer; connect: (url: string) => Connection }> {
    const { url, connect } = await ourServer(model(), framing)
    const whole = await link(url)
    const { chat } = open({ connection: connect(whole.url) })
    expectWhole((await chat.sendMessage('Hello')).message)
    await whole.close()
    return { url, bytes: whole.received[0]!, connect }
  }

  it('at any byte never passes for a whole answer, keeps what came, and retry gets the whole one', { timeout: 60_000 }, async () => {
    const { url, bytes, connect } = await recording()
    const head = bytes.indexOf('\r\n\r\n') + 4
    const total = bytes.length
    const ends = { examples: [0, 1, head - 1, head, head + 5, total - 6, total - 5, total - 1].map((at): [number, 'close'] => [at, 'close']) }
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: head, max: total - 1 }), fc.constantFrom('close' as const, 'reset' as const), async (cutAfter, by) => {
        const cut = await link(url, { cutAfter, by })
        const session = open({ connection: connect(cut.url) })
        const { chat } = session
        const first = await chat.sendMessage('Hello')

        expectPrefix(first.message)
        expect(openParts(chat)).toEqual([])
        const { frames, isOver } = framesIn(bytes.subarray(0, cutAfter), framing.name === 'server-sent events')
        if (first.outcome === 'finished') {
          expect(isOver).toBe(true)
          expectWhole(first.message)
        } else {
          // A reset may overtake what was sent before it.
          if (by === 'close') expect([first.error?.code, isOver]).toEqual([frames === 0 ? 'network' : 'truncated', false])
          else expect(['network', 'truncated']).toContain(first.error?.code)
          expect(first.error?.retryable).toBe(true)
          expect(session.finishes).toEqual([])
          expect(chat.getSnapshot()).toMatchObject({ status: 'error', canRetry: true })

          const second = await chat.retry()
          expect(second.outcome).toBe('finished')
          expectWhole(second.message)
          expect(transcript(chat)).toEqual(['user: Hello', `assistant: ${WHOLE.text}`])
        }
        chat.dispose()
        await cut.close()
      }),
      { numRuns: 60, ...ends },
    )
  })

  it('before the head of the answer is a network error, and leaves no message', async () => {
    const { url, bytes, connect } = await recording()
    for (const cutAfter of [0, 9, bytes.indexOf('\r\n\r\n')]) {
      const cut = await link(url, { cutAfter })
      const { chat } = open({ connection: connect(cut.url) })
      expect(await chat.sendMessage('Hello')).toMatchObject({ outcome: 'failed', error: { code: 'network', retryable: true } })
      expect(transcript(chat)).toEqual(['user: Hello'])
    }
  })

  it('after the last chunk, before the last byte, is a finished answer', async () => {
    const { url, bytes, connect } = await recording()
    // What is missing is the end of the chunked encoding: `0 CR LF CR LF`.
    const cut = await link(url, { cutAfter: bytes.length - 5 })
    const { chat, errors } = open({ connection: connect(cut.url) })
    const { outcome, message } = await chat.sendMessage('Hello')
    expect([outcome, errors]).toEqual(['finished', []])
    expectWhole(message)
  })

  it('after the last chunk of a run that leaves calls to the client is no cut either: they are answered, and the turn goes on', async () => {
    const script = [[{ tool: 'ask', input: {} }, 'Thank you.']]
    const { url, connect } = await ourServer(scripted({ delayMs: 0, script }), framing)
    const first = await link(url)
    const tools = [{ name: 'ask' }]
    const whole = open({ connection: connect(first.url), tools })
    void whole.chat.sendMessage('Hello')
    await until(whole.chat, ({ phase }) => phase === 'local')

    const cut = await link(url, { cutAfter: first.received[0]!.length - 5 })
    const { chat } = open({ connection: connect(cut.url), tools })
    const turn = chat.sendMessage('Hello')
    const { messages, error } = await until(chat, ({ phase, status }) => phase === 'local' || status === 'error')
    expect(error).toBeNull()
    chat.addToolResult({ toolCallId: callsOf(messages.at(-1))[0]!.id, output: 'yes' })
    expect((await turn).outcome).toBe('finished')
    expect(transcript(chat)).toEqual(['user: Hello', 'assistant: Thank you.'])
  })

  it('byte by byte is not cut at all', async () => {
    const { url, connect } = await recording()
    const slow = await link(url, { piece: 1 })
    const { chat, warnings } = open({ connection: connect(slow.url) })
    expectWhole((await chat.sendMessage('Hello')).message)
    expect(warnings).toEqual([])
  })

  it('is reported once, and a queued message waits for the retry', async () => {
    const { url, bytes, connect } = await recording()
    const cut = await link(url, { cutAfter: bytes.length - 40 })
    const session = open({ connection: connect(cut.url) })
    const first = session.chat.sendMessage('Hello')
    const second = session.chat.sendMessage('And then?')
    expect((await first).outcome).toBe('failed')
    expect(session.errors).toHaveLength(1)
    expect(session.chat.getSnapshot().queue).toHaveLength(1)
    expect((await session.chat.retry()).outcome).toBe('finished')
    expect((await second).outcome).toBe('finished')
    expect(session.finishes).toHaveLength(2)
  })
})

describe('an answer without a length, whose end is the end of the connection', () => {
  it('11: is truncated wherever it ends before its terminal chunk, though the transport saw nothing wrong', { timeout: 60_000 }, async () => {
    const { url } = await ourServer(model())
    const body = JSON.stringify({ messages: [{ role: 'user', content: 'Hello' }] })
    const whole = Buffer.from(await (await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })).arrayBuffer())
    const server = await serveNode((request, response) => {
      const length = Number(new URL(request.url!, 'http://x').searchParams.get('length'))
      request.resume()
      request.on('end', () => {
        response.socket!.write('HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n')
        response.socket!.end(whole.subarray(0, length))
      })
    })
    const first = whole.indexOf('}\n\n') + 3
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: whole.length }), async (length) => {
        const { chat } = open({ connection: fetchServerSentEvents(`${server}/?length=${length}`) })
        const { outcome, message, error } = await chat.sendMessage('Hello')
        expectPrefix(message)
        expect(openParts(chat)).toEqual([])
        if (length >= whole.length) expect(outcome).toBe('finished')
        else expect(error?.code).toBe(length < first ? 'bad_response' : 'truncated')
        chat.dispose()
      }),
      { numRuns: 60, examples: [[0], [first - 1], [first], [whole.length - 1], [whole.length]] },
    )
  })
})
