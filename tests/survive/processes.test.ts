import { faultProxy } from '@statechat/core/testing/fault-proxy'
import { fetchServerSentEvents } from '@statechat/core'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { chatOver, shown } from './support/chat.ts'
import type { Hold } from './support/child.ts'
import { serverProcesses } from './support/processes.ts'
import { ownRedis } from './support/redis.ts'
import { cancel, eventsOf, get, post, question, urlOf } from './support/requests.ts'
import { ONCE } from './support/tally.ts'
import { wordsOf } from './support/model.ts'
import { textOf, transcript } from './support/transcript.ts'
import { TRANSPORTS } from './support/transports.ts'

/** Short, so that a producer that is gone is soon missed; long enough for a busy machine. */
const LEASE_MS = 1_000
const TIMEOUT = 60_000

const FULL_TEXT = wordsOf(300).join('')
let processes: Awaited<ReturnType<typeof serverProcesses>>
let redis: Awaited<ReturnType<typeof ownRedis>>
beforeAll(async () => {
  processes = await serverProcesses()
  redis = await ownRedis()
})
afterAll(async () => {
  await processes.close()
  await redis.close()
})

/** A server process whose model waits at these places. */
const start = async (...holds: Hold[]) => {
  const server = await processes.start({ redisUrl: redis.url, leaseMs: LEASE_MS, holds })
  onTestFinished(() => server.kill())
  return server
}
let ids = 0
const newRun = () => ({ runId: `run-${++ids}`, threadId: `thread-${ids}` })
const kinds = (calls: readonly string[]) => calls.map((call) => call.split(' ')[1]).sort()

describe('a process that is killed', () => {
  /** A chat whose server is killed at a place, and that finds another one behind the same address; `isDeaf`: before it has heard anything. */
  async function killedAt(hold: Hold, isDeaf = false) {
    const [first, second] = await Promise.all([start(hold), start()])
    const proxy = await faultProxy({ target: { port: first.port } })
    onTestFinished(() => proxy.close())
    if (isDeaf) proxy.stall('answer')
    const chat = chatOver(fetchServerSentEvents(urlOf(proxy.port), { resumable: true }))
    onTestFinished(() => chat.dispose())
    const turn = chat.sendMessage('How is it?')
    await first.held()
    proxy.retarget({ port: second.port })
    await first.kill()
    proxy.resetAll()
    proxy.resume()
    const { outcome, error } = await turn
    return { outcome, error, chat, text: textOf(chat.getSnapshot().messages), called: [kinds(first.calls), kinds(second.calls)] }
  }

  it('before the first word: the run ends with an error that says so', { timeout: TIMEOUT }, async () => {
    const { outcome, error, text, called } = await killedAt({ place: 'called', index: 0 })
    expect([outcome, error?.code, error?.serverCode]).toEqual(['failed', 'server', 'producer_lost'])
    expect(text).toBe('')
    expect(called).toEqual([['think'], []])
  })

  it('in the middle: what was said is kept, and the next try is answered', { timeout: TIMEOUT }, async () => {
    const { outcome, error, text, called, chat } = await killedAt({ place: 'text', index: 150 })
    expect([outcome, error?.code, error?.serverCode]).toEqual(['failed', 'server', 'producer_lost'])
    expect(text).not.toBe('')
    expect(FULL_TEXT.startsWith(text)).toBe(true)
    expect(called).toEqual([ONCE, []])
    expect((await chat.retry()).outcome).toBe('finished')
    expect(textOf(chat.getSnapshot().messages)).toBe(FULL_TEXT)
  })

  it('while a tool runs', { timeout: TIMEOUT }, async () => {
    const { outcome, error, called } = await killedAt({ place: 'tool', index: 0 })
    expect([outcome, error?.serverCode]).toEqual(['failed', 'producer_lost'])
    expect(called).toEqual([['think', 'tool'], []])
  })

  it.each([
    ['the page has heard it', false],
    ['the page has heard nothing', true],
  ])('after the model had finished, before the run was closed, and %s: the answer is whole', { timeout: TIMEOUT }, async (_, isDeaf) => {
    const { outcome, error, text, called } = await killedAt({ place: 'close', index: 0 }, isDeaf)
    expect([outcome, error]).toEqual(['finished', undefined])
    expect(text).toBe(FULL_TEXT)
    expect(called).toEqual([ONCE, []])
  })
})

describe('a process that was given up, and wakes', () => {
  it('adds nothing to the run any more', { timeout: TIMEOUT }, async () => {
    const [zombie, other] = await Promise.all([start({ place: 'text', index: 150 }), start()])
    const run = newRun()
    const reader = new AbortController()
    const first = await post(zombie.port, question(run), { signal: reader.signal })
    await zombie.held()
    zombie.stop()
    const events = await eventsOf(await get(other.port, { runId: run.runId }))
    expect(events.at(-1)?.chunk).toMatchObject({ type: 'RUN_ERROR', code: 'producer_lost' })
    zombie.wake()
    zombie.go()
    reader.abort()
    await first.body?.cancel().catch(() => {})
    await zombie.settled()
    expect(await eventsOf(await get(other.port, { runId: run.runId }))).toEqual(events)
    expect([kinds(zombie.calls), kinds(other.calls)]).toEqual([ONCE, []])
  })
})

describe('two processes', () => {
  it('answer a hundred requests for one run with one answer', { timeout: TIMEOUT }, async () => {
    const servers = await Promise.all([start(), start()])
    const request = question(newRun())
    const answers = await Promise.all(Array.from({ length: 100 }, async (_, index) => eventsOf(await post(servers[index % 2]!.port, request))))
    expect(answers[0]!.at(-1)?.chunk).toMatchObject({ type: 'RUN_FINISHED' })
    expect(answers.filter((events) => JSON.stringify(events) !== JSON.stringify(answers[0]))).toEqual([])
    expect(kinds(servers.flatMap(({ calls }) => calls))).toEqual(ONCE)
  })

  it('show one run to two pages, each on its own process', { timeout: TIMEOUT }, async () => {
    const [made, joined] = await Promise.all([start({ place: 'text', index: 150 }), start()])
    const threadId = `thread-${++ids}`
    const asking = chatOver(TRANSPORTS['fetch, server-sent events'](urlOf(made.port)), { threadId })
    onTestFinished(() => asking.dispose())
    const turn = asking.sendMessage('How is it?')
    await made.held()
    const messages = asking.getSnapshot().messages.slice(0, 1)
    const watching = chatOver(TRANSPORTS['fetch, server-sent events'](urlOf(joined.port)), { threadId, resume: true, initialMessages: [...messages] })
    onTestFinished(() => watching.dispose())
    watching.attach()
    await shown(watching, (chat) => textOf(chat.getSnapshot().messages).includes('149é'))
    made.go()
    expect((await turn).outcome).toBe('finished')
    await shown(watching, (chat) => !chat.getSnapshot().isLoading)
    expect(transcript(watching.getSnapshot().messages)).toEqual(transcript(asking.getSnapshot().messages))
    expect(kinds([...made.calls, ...joined.calls])).toEqual(ONCE)
  })
})

describe('a stop that another process hears', () => {
  it.each([
    ['before the first word', { place: 'called', index: 0 }, ['think']],
    ['in the middle of a thought', { place: 'reasoning', index: 10 }, ['think']],
    ['while a tool runs', { place: 'tool', index: 0 }, ['think', 'tool']],
    ['in the middle of the text', { place: 'text', index: 150 }, ONCE],
  ] as const)('%s ends the run as cancelled', { timeout: TIMEOUT }, async (_, hold, called) => {
    const [made, other] = await Promise.all([start(hold), start()])
    const run = newRun()
    const events = post(made.port, question(run)).then(eventsOf)
    await made.held()
    expect(await cancel(other.port, run)).toEqual({ status: 200, answer: { status: 'cancelled' } })
    expect((await events).at(-1)?.chunk).toMatchObject({ type: 'RUN_FINISHED', outcome: { type: 'cancelled' } })
    expect(await cancel(other.port, run)).toEqual({ status: 200, answer: { status: 'cancelled' } })
    expect(await cancel(made.port, run)).toEqual({ status: 200, answer: { status: 'cancelled' } })
    expect([kinds(made.calls), other.calls]).toEqual([called, []])
  })

  it('twice at once is one stop', { timeout: TIMEOUT }, async () => {
    const [made, other] = await Promise.all([start({ place: 'text', index: 20 }), start()])
    const run = newRun()
    const events = post(made.port, question(run)).then(eventsOf)
    await made.held()
    const stopped = { status: 200, answer: { status: 'cancelled' } }
    expect(await Promise.all([cancel(other.port, run), cancel(made.port, run), cancel(other.port, run)])).toEqual([stopped, stopped, stopped])
    expect((await events).filter(({ chunk }) => chunk.type === 'RUN_FINISHED')).toHaveLength(1)
  })

  it('after the end changes nothing', { timeout: TIMEOUT }, async () => {
    const [made, other] = await Promise.all([start(), start()])
    const run = newRun()
    const events = await eventsOf(await post(made.port, question(run)))
    expect(await cancel(other.port, run)).toEqual({ status: 200, answer: { status: 'finished' } })
    expect(await eventsOf(await get(other.port, { runId: run.runId }))).toEqual(events)
  })

  it('comes before the request that it stops', { timeout: TIMEOUT }, async () => {
    const [late, other] = await Promise.all([start(), start()])
    const run = newRun()
    expect(await cancel(other.port, run)).toEqual({ status: 200, answer: { status: 'cancelled' } })
    const events = await eventsOf(await post(late.port, question(run)))
    expect(events.map(({ chunk }) => chunk.type)).toEqual(['RUN_STARTED', 'RUN_FINISHED'])
    expect(events.at(-1)?.chunk).toMatchObject({ outcome: { type: 'cancelled' } })
    expect([...late.calls, ...other.calls]).toEqual([])
  })
})
