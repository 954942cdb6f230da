import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { fetchServerSentEvents } from '@statechat/core'
import { gate, manualClock } from '@statechat/core/testing'
import { faultProxy } from '@statechat/core/testing/fault-proxy'
import { memoryRunLog, type RunLog } from '@statechat/server'
import { once } from 'node:events'
import { describe, expect, it, onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { chatOver, shown } from './support/chat.ts'
import { LONG_QUESTION, type ModelHooks, unhurried, wordsOf } from './support/model.ts'
import { ownRedis } from './support/redis.ts'
import { eventsOf, get, post, question, urlOf } from './support/requests.ts'
import { startServer } from './support/server.ts'
import { ONCE, tally } from './support/tally.ts'
import { textOf } from './support/transcript.ts'

const RUN = { runId: 'run', threadId: 'thread' }
const FULL_TEXT = wordsOf(300).join('')
const MIB = 1024 * 1024

const LOGS: [string, () => Promise<RunLog>][] = [
  ['the memory log', async () => memoryRunLog()],
  [
    'the Redis log',
    async () => {
      const redis = await ownRedis()
      onTestFinished(redis.close)
      return redis.log()
    },
  ],
]

const textIn = (events: Awaited<ReturnType<typeof eventsOf>>) =>
  events.map(({ chunk }) => (chunk.type === 'TEXT_MESSAGE_CONTENT' ? chunk.delta : '')).join('')

async function serve(log: RunLog, pace?: ModelHooks['pace']) {
  const { calls, hooks } = tally(pace)
  const server = await startServer({ log, hooks })
  onTestFinished(async () => {
    await server.close()
    await log.dispose()
  })
  return { server, called: () => calls.map((call) => call.split(' ')[1]).sort() }
}

/** Holds the model in the middle of its text. */
function heldAt(index: number) {
  const middle = gate()
  let arrive = () => {}
  const arrived = new Promise<void>((resolve) => (arrive = resolve))
  const pace: ModelHooks['pace'] = async (at, signal) => {
    if (at.place === 'text' && at.index === index) {
      arrive()
      await middle.happened()
    }
    // To many readers each turn of the event loop is dear.
    if (at.index % 25 === 0) await unhurried(at, signal)
  }
  return { pace, arrived, open: middle.open }
}

describe.each(LOGS)('over %s', (_, openLog) => {
  it('500 readers of one run, half of them from its middle on, read the same', { timeout: 60_000 }, async () => {
    const { pace, arrived, open } = heldAt(150)
    const { server, called } = await serve(await openLog(), pace)
    const read = () => get(server.port, { runId: RUN.runId })
    const first = post(server.port, question(RUN))
    await arrived
    const early = await Promise.all(Array.from({ length: 250 }, read))
    await open()
    const late = Array.from({ length: 249 }, read)
    const all = await Promise.all([first, ...early, ...late].map(async (answer) => (await answer).text()))
    expect([...new Set(all)]).toEqual([all[0]])
    const events = await eventsOf(await read())
    expect(events.map(({ id }) => id)).toEqual(events.map((_, index) => `1-${index + 1}`))
    expect(textIn(events)).toBe(FULL_TEXT)
    expect(called()).toEqual(ONCE)
  })
})

/** What was read and let go of is not what is held. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
}

/** Reads an answer to its end, and counts it. */
async function lengthOf(response: Response): Promise<number> {
  let length = 0
  for await (const bytes of response.body as unknown as AsyncIterable<Uint8Array>) length += bytes.length
  return length
}

describe('a reader that does not read', () => {
  const SLOW = 3

  it('of server-sent events costs no memory, holds nobody up, and gets everything in the end', async () => {
    const { server } = await serve(memoryRunLog())
    const proxy = await faultProxy({ target: { port: server.port }, plan: { answer: { break: { after: 10_000, by: 'stall' } } } })
    onTestFinished(() => proxy.close())
    const first = await post(server.port, question(RUN, LONG_QUESTION))
    const slow = await Promise.all(Array.from({ length: SLOW }, () => get(proxy.port, { runId: RUN.runId })))
    const length = await lengthOf(first)
    expect(length).toBeGreaterThan(38 * MIB)
    // What the system's own buffers hold is not the server's.
    expect(server.unread().filter((bytes) => bytes > MIB)).toEqual([])
    collectGarbage()
    expect(process.memoryUsage().arrayBuffers).toBeLessThan(length / 2)
    const rest = Promise.all(slow.map(lengthOf))
    proxy.resume()
    expect(await rest).toEqual(Array.from({ length: SLOW }, () => length))
  })

  it('of a WebSocket neither', async () => {
    const { server } = await serve(memoryRunLog())
    const proxy = await faultProxy({ target: { port: server.port }, plan: { answer: { break: { after: 10_000, by: 'stall' } } } })
    onTestFinished(() => proxy.close())
    const events = (await post(server.port, question(RUN, LONG_QUESTION)).then(eventsOf)).length
    const slow = Array.from({ length: SLOW }, () => {
      const socket = new WebSocket(urlOf(proxy.port).replace('http:', 'ws:'))
      onTestFinished(() => socket.terminate())
      let frames = 0
      const ended = new Promise<number>((resolve) =>
        socket.on('message', (data) => {
          const { type } = JSON.parse(String(data as Buffer)) as { type: string }
          if (type === 'chunk') frames += 1
          if (type === 'end') resolve(frames)
        }),
      )
      socket.once('open', () => socket.send(JSON.stringify({ type: 'join', runId: RUN.runId })))
      return { socket, ended }
    })
    await Promise.all(slow.map(({ socket }) => once(socket, 'message')))
    // Until what is buffered stands still for many turns: each socket has then been given all that it is given.
    for (let last = '', still = 0; still < 200;) {
      await new Promise((resolve) => setImmediate(resolve))
      const now = server.unread().join()
      still = now === last ? still + 1 : 0
      last = now
    }
    expect(server.unread().filter((bytes) => bytes > 2 * MIB)).toEqual([])
    proxy.resume()
    expect(await Promise.all(slow.map(({ ended }) => ended))).toEqual(Array.from({ length: SLOW }, () => events))
  })
})

describe('a server that stops', () => {
  it('gracefully lets a run end, reads it out, and begins no other', async () => {
    const { pace, arrived, open } = heldAt(150)
    const { server, called } = await serve(memoryRunLog(), pace)
    const chat = chatOver(fetchServerSentEvents(server.url, { resumable: true }))
    onTestFinished(() => chat.dispose())
    const turn = chat.sendMessage('How is it?')
    await arrived
    let isDrained = false
    const drained = server.drain().then(() => (isDrained = true))
    expect((await post(server.port, question({ runId: 'another', threadId: 'another' }))).status).toBe(503)
    expect((await get(server.port, { runId: 'another' })).status).toBe(503)
    expect(isDrained).toBe(false)
    await open()
    expect((await turn).outcome).toBe('finished')
    await drained
    expect(textOf(chat.getSnapshot().messages)).toBe(FULL_TEXT)
    expect(called()).toEqual(ONCE)
  })

  it('at once ends its runs with an error that says so, and keeps what they have said', async () => {
    const { pace, arrived, open } = heldAt(150)
    const { server } = await serve(memoryRunLog(), pace)
    const chat = chatOver(fetchServerSentEvents(server.url, { resumable: true }))
    onTestFinished(() => chat.dispose())
    onTestFinished(open)
    const turn = chat.sendMessage('How is it?')
    await arrived
    await shown(chat, ({ getSnapshot }) => textOf(getSnapshot().messages).includes('149é'))
    await server.shutdown()
    expect(await turn).toMatchObject({ outcome: 'failed', error: { code: 'server', serverCode: 'aborted' } })
    expect(textOf(chat.getSnapshot().messages)).toBe(wordsOf(150).join(''))
  })
})

describe('a proxy that closes every connection', () => {
  it('after 200 ms: the answer is whole', async () => {
    const clock = manualClock()
    // 3 s of answer.
    const pace: ModelHooks['pace'] = () => new Promise((resolve) => clock.setTimeout(() => resolve(), 10))
    const { server, called } = await serve(memoryRunLog(), pace)
    const proxy = await faultProxy({ target: { port: server.port }, clock, plan: { closeAfterMs: 200 } })
    onTestFinished(() => proxy.close())
    const chat = chatOver(fetchServerSentEvents(urlOf(proxy.port), { resumable: true }))
    onTestFinished(() => chat.dispose())
    const over = new AbortController()
    const turn = chat.sendMessage('How is it?').finally(() => over.abort())
    // Time passes while there is a connection, so that how many are closed does not depend on how long it takes to come again.
    while (!over.signal.aborted) await (proxy.open > 0 ? clock.advance(10) : new Promise((resolve) => setImmediate(resolve)))
    expect((await turn).outcome).toBe('finished')
    expect(textOf(chat.getSnapshot().messages)).toBe(FULL_TEXT)
    expect(proxy.connections).toBeGreaterThan(10)
    expect(called()).toEqual(ONCE)
  })

  it.each([1_500, 3_000])('after %i bytes: the answer is whole', async (after) => {
    const { server, called } = await serve(memoryRunLog())
    const proxy = await faultProxy({ target: { port: server.port }, plan: { answer: { break: { after, by: 'cut' } } } })
    onTestFinished(() => proxy.close())
    const chat = chatOver(fetchServerSentEvents(urlOf(proxy.port), { resumable: true }))
    onTestFinished(() => chat.dispose())
    expect((await chat.sendMessage('How is it?')).outcome).toBe('finished')
    expect(textOf(chat.getSnapshot().messages)).toBe(FULL_TEXT)
    expect(proxy.connections).toBeGreaterThan(10)
    expect(called()).toEqual(ONCE)
  })
})
