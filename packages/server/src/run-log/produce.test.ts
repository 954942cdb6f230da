import { describe, expect, it, vi } from 'vitest'
import { byHand, closed, finished, type HandMadeRun, opened, said, started } from '../../test/support/by-hand.ts'
import { deferred } from '../../test/support/deferred.ts'
import { timedLog } from '../../test/support/timed-log.ts'
import { until } from '../../test/support/until.ts'
import type { Chunk, ChunkSource, RunLog } from '../index.ts'
import { ModelError } from '../model-error.ts'
import { type ProduceOptions, produce } from './produce.ts'
import { RunLogError } from './run-log-error.ts'

const run = { threadId: 't', runId: 'r', epoch: 1 }
const turn = () => new Promise((resolve) => setImmediate(resolve))
const unavailable = () => Promise.reject(new RunLogError('unavailable', 'no answer'))

async function logged(log: RunLog): Promise<Chunk[]> {
  const chunks: Chunk[] = []
  for await (const batch of log.read('r', 0, AbortSignal.timeout(5000))) chunks.push(...batch.map(({ data }) => JSON.parse(data) as Chunk))
  return chunks
}

/** A claimed run, and its producer. */
async function setUp(
  source: ChunkSource | ((signal: AbortSignal) => ChunkSource | Promise<ChunkSource>),
  options: Partial<ProduceOptions> = {},
  change = (log: RunLog) => log,
) {
  const timed = timedLog()
  await timed.log.claim(run)
  const onError = vi.fn()
  const start = typeof source === 'function' ? source : () => source
  const done = produce(start, { log: change(timed.log), run, clock: timed.clock, onError, ...options })
  return { ...timed, done, onError }
}
const hand = () => {
  const made = byHand()
  return { ...made, start: (signal: AbortSignal) => made.model({ input: { runId: 'r' }, signal }) }
}

describe('the end of a run in the log', () => {
  const failed: Chunk = { type: 'RUN_ERROR', message: 'no', code: 'x' }
  const throwing = async function* (error: unknown) {
    yield started()
    throw error
  }
  it.each<[title: string, ChunkSource, last: object, status: string, length: number]>([
    ['is that of the source', [started(), opened, closed, finished()], finished(), 'finished', 4],
    ['is the last of several runs on one stream', [started(), finished(), started(), opened, closed, finished()], finished(), 'finished', 6],
    ['is an error of the source, and nothing comes after it', [started(), failed, opened], failed, 'error', 2],
    ['is RUN_ERROR incomplete if there is none', [started(), opened], { type: 'RUN_ERROR', code: 'incomplete' }, 'error', 3],
    ['is RUN_ERROR incomplete for nothing', [], { type: 'RUN_ERROR', code: 'incomplete' }, 'error', 1],
    [
      'is RUN_ERROR incomplete for a second run without one',
      [started(), finished(), started()],
      { type: 'RUN_ERROR', code: 'incomplete' },
      'error',
      4,
    ],
    [
      'is RUN_ERROR for what is thrown, masked',
      throwing(new Error('secret')),
      { type: 'RUN_ERROR', code: 'internal', message: 'The model could not answer.' },
      'error',
      2,
    ],
    ['is the RUN_ERROR of a model', throwing(new ModelError('rate_limit', 'secret')), { type: 'RUN_ERROR', code: 'rate_limit' }, 'error', 2],
    ['is RUN_ERROR for what is no JSON', [started(), { type: 'CUSTOM', name: 'x', value: 1n }], { type: 'RUN_ERROR', code: 'internal' }, 'error', 2],
    ['is RUN_ERROR for what is no stream', 5 as never, { type: 'RUN_ERROR', code: 'internal' }, 'error', 1],
  ])('%s', async (_title, source, last, status, length) => {
    const { log, done, clock } = await setUp(source)
    await done
    const chunks = await logged(log)
    expect(chunks).toHaveLength(length)
    expect(chunks.at(-1)).toMatchObject(last)
    expect(await log.status('r')).toMatchObject({ status, tail: length })
    // Only the log's own, that of what is over.
    expect(clock.pending()).toBe(1)
  })

  it('is cancelled while the source is still being made, which is then let go of', async () => {
    const late = deferred()
    const left = vi.fn()
    const { log, done } = await setUp(async () => {
      await late.promise
      return { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}), return: async () => (left(), { done: true, value: undefined }) }) }
    })
    await log.requestCancel('r', 'stop')
    await done
    expect(await logged(log)).toEqual([started(), { ...finished(), outcome: { type: 'cancelled' } }])
    late.resolve()
    await turn()
    expect(left).toHaveBeenCalledOnce()
  })

  it('stays that of the source when it is cancelled after it', async () => {
    const { start, next } = hand()
    const { log, done } = await setUp(start)
    ;(await next()).say(started(), finished())
    while ((await log.status('r'))!.tail < 2) await turn()
    await log.requestCancel('r', 'stop')
    await done
    expect(await log.status('r')).toMatchObject({ status: 'finished', tail: 2 })
  })

  it('is cancelled by a log that tells only with an answer', async () => {
    const { start, next } = hand()
    const { log, done, pass } = await setUp(start, {}, (log) => ({ ...log, onCancel: undefined as never }))
    const { signal } = await next()
    await log.requestCancel('r', 'stop')
    await turn()
    expect(signal.aborted).toBe(false)
    // The source is silent: the next renewal tells.
    pass(5000)
    await done
    expect(signal.aborted).toBe(true)
    expect(await log.status('r')).toMatchObject({ status: 'cancelled' })
  })

  it('of a shutdown is RUN_ERROR aborted', async () => {
    const { start, next } = hand()
    const shutdown = new AbortController()
    const { log, done } = await setUp(start, { shutdown: shutdown.signal })
    const { signal } = await next()
    shutdown.abort()
    await done
    expect(signal.aborted).toBe(true)
    expect(await logged(log)).toEqual([expect.objectContaining({ type: 'RUN_ERROR', code: 'aborted', metadata: { retryable: true } })])
  })
})

describe('writing', () => {
  it('sends what has come while an append was under way in the next one', async () => {
    const sizes: number[] = []
    const gate = deferred()
    const { done } = await setUp([started(), opened, said('a'), said('b'), closed, finished()], {}, (log) => ({
      ...log,
      async append(...args) {
        sizes.push(args[3].length)
        if (sizes.length === 1) await gate.promise
        return log.append(...args)
      },
    }))
    await turn()
    gate.resolve()
    await done
    expect(sizes).toEqual([1, 5])
  })

  it.each([
    ['events', said('x'), 258, 1000],
    ['text', said('x'.repeat(300_000)), 6, 20],
  ])('makes the source wait when the log does not keep up: %s', async (_what, chunk, most, all) => {
    let asked = 0
    const gate = deferred()
    const source = (function* () {
      yield started()
      while (asked < all) {
        asked++
        yield chunk
      }
      yield finished()
    })()
    const { done, log } = await setUp(source, {}, (log) => ({ ...log, append: (...args) => gate.promise.then(() => log.append(...args)) }))
    for (let turns = 0; turns < 10; turns++) await turn()
    expect(asked).toBeGreaterThan(2)
    expect(asked).toBeLessThanOrEqual(most)
    gate.resolve()
    await done
    expect(await log.status('r')).toMatchObject({ status: 'finished', tail: all + 2 })
  })

  it('tries again what may have been done, and nothing is twice in the log', async () => {
    let tries = 0
    const { log, done, clock, pass } = await setUp([started(), finished()], {}, (log) => ({
      ...log,
      async append(...args) {
        tries++
        // Applied, but the answer was lost.
        const written = await log.append(...args)
        return tries < 3 ? unavailable() : written
      },
      close: (...args) => (tries++ < 5 ? unavailable() : log.close(...args)),
    }))
    await until(async () => {
      if (clock.pending() > 1) pass(100)
      return (await log.status('r'))!.status === 'finished'
    })
    await done
    expect(await logged(log)).toEqual([started(), finished()])
    expect(tries).toBe(6)
  })

  it.each([
    ['refuses everything', unavailable],
    ['never answers', () => new Promise<never>(() => {})],
  ])('is given up when the log %s for as long as a lease lives', async (_what, append) => {
    const { start, next } = hand()
    const { log, done, pass, onError } = await setUp(start, {}, (log) => ({ ...log, append, renew: append, close: append as never }))
    const { say, signal } = await next()
    say(started())
    await turn()
    for (let left = 15; left > 0; left--) {
      expect(signal.aborted).toBe(false)
      pass(1000)
      await turn()
    }
    for (let left = 5; left > 0; left--) {
      pass(1000)
      await turn()
    }
    expect(signal.aborted).toBe(true)
    await done
    expect(onError).toHaveBeenCalledOnce()
    expect(await log.status('r')).toMatchObject({ status: 'open', isLeaseValid: false })
  })

  it('renews the lease as long as the source is silent', async () => {
    const { start, next } = hand()
    const { log, done, pass } = await setUp(start)
    const made: HandMadeRun = await next()
    for (let left = 60; left > 0; left--) {
      pass(1000)
      await turn()
      expect(await log.status('r')).toMatchObject({ isLeaseValid: true })
    }
    made.say(started(), finished())
    made.end()
    await done
  })

  it('stops, silently, when another producer has the run', async () => {
    const { start, next } = hand()
    const { log, done, pass, onError } = await setUp(start, {}, (log) => ({ ...log, renew: unavailable }))
    const { say, signal } = await next()
    pass(15_000)
    expect(await log.takeover('r')).toEqual({ epoch: 2, tail: 0 })
    say(started())
    await done
    expect(signal.aborted).toBe(true)
    expect(onError).not.toHaveBeenCalled()
    expect(await log.status('r')).toMatchObject({ status: 'open', tail: 0, epoch: 2 })
  })
})
