import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { chatHandler, type Chunk, memoryRunLog, RunLogError } from '../../src/index.ts'
import { byHand, closed, finished, opened, said, started } from '../support/by-hand.ts'
import { body, chatServer } from '../support/chat-server.ts'
import { deferred } from '../support/deferred.ts'
import { eventReader, eventsOf, ids } from '../support/logged-events.ts'
import { timedLog } from '../support/timed-log.ts'
import { until } from '../support/until.ts'

const texts = (from: number, to: number): Chunk[] => Array.from({ length: to - from + 1 }, (_, i) => said(`${from + i} `))
const whole = (n: number): Chunk[] => [started(), opened, ...texts(1, n), closed, finished()]

/** `@hono/node-server` logs a body that breaks off. */
function quiet(): void {
  const spy = vi.spyOn(console, 'error').mockImplementation(() => {})
  onTestFinished(() => spy.mockRestore())
}

describe('a client that goes', () => {
  it('leaves a run that goes on, and finds everything when it comes back', async () => {
    const hand = byHand()
    const log = memoryRunLog()
    const { post, join } = await chatServer({ model: hand.model, log })
    const controller = new AbortController()
    const reader = eventReader(await post(body(), { signal: controller.signal }))
    const run = await hand.next()
    run.say(started(), opened, ...texts(1, 3))
    const before = await reader.take(4)
    controller.abort()
    await until(async () => (await log.status('r'))!.unreadMs > 0)
    expect(run.signal.aborted).toBe(false)
    run.say(...texts(4, 6), closed, finished())
    run.end()
    const after = await eventsOf(await join('runId=r', { lastEventId: before.at(-1)!.id! }))
    expect([...before, ...after].map(({ id }) => id)).toEqual(ids(1, 10))
    expect([...before, ...after].map(({ chunk }) => chunk)).toEqual(whole(6))
    expect(hand.calls()).toBe(1)
  })

  it.each([
    ['is waited for in vain, and the run is cancelled', 60_000, true],
    ['is waited for', 61_000, false],
  ])('%s', async (_title, cancelAfterMs, isCancelled) => {
    const { log, clock, pass } = timedLog()
    const hand = byHand()
    const { post } = await chatServer({ model: hand.model, log, clock, heartbeatMs: 0, onAbandoned: { cancelAfterMs } })
    const controller = new AbortController()
    const reader = eventReader(await post(body(), { signal: controller.signal }))
    const run = await hand.next()
    run.say(started())
    await reader.next()
    // As long as somebody reads, it goes on.
    for (let left = 20; left > 0; left--) await settled(() => pass(5000))
    expect(run.signal.aborted).toBe(false)
    controller.abort()
    await until(async () => {
      pass(1)
      return (await log.status('r'))!.unreadMs > 0
    })
    for (let left = 12; left > 0; left--) await settled(() => pass(5000))
    expect(run.signal.aborted).toBe(isCancelled)
    if (isCancelled) expect(await log.status('r')).toMatchObject({ status: 'cancelled' })
    run.say(finished())
    run.end()
  })
  const settled = async (then: () => void) => {
    then()
    await new Promise((resolve) => setImmediate(resolve))
  }
})

describe('a run is joined', () => {
  it('before its first event, in the middle, at its end and after', async () => {
    const hand = byHand()
    const { post, join } = await chatServer({ model: hand.model })
    const first = eventReader(await post())
    const run = await hand.next()
    const readers = [eventReader(await join())]
    run.say(started(), opened, ...texts(1, 2))
    await first.take(4)
    readers.push(eventReader(await join()), eventReader(await join('runId=r&offset=1-3')))
    run.say(...texts(3, 4), closed, finished())
    // The source ends, and a reader comes, at the same time.
    run.end()
    readers.push(eventReader(await join()))
    const [early, middle, after3, atClose] = await Promise.all(readers.map((reader) => reader.rest()))
    const late = await eventsOf(await join())
    for (const events of [early, middle, atClose, late]) expect(events!.map(({ chunk }) => chunk)).toEqual(whole(4))
    expect(after3!.map(({ id }) => id)).toEqual(ids(4, 8))
  })

  it('with an event of a megabyte', async () => {
    const big = 'ä"\n'.repeat(350_000)
    const { post, join } = await chatServer({ model: () => [started(), opened, said(big), closed, finished()] })
    for (const events of [await eventsOf(await post()), await eventsOf(await join('runId=r&offset=1-2'))]) {
      expect(events.map(({ chunk }) => chunk)).toContainEqual(said(big))
      expect(events.at(-1)!.chunk).toEqual(finished())
    }
  })

  it('by 500 readers', async () => {
    const hand = byHand()
    const { post, join } = await chatServer({ model: hand.model })
    void post()
    const run = await hand.next()
    const answers = await Promise.all(Array.from({ length: 500 }, () => join()))
    run.say(...whole(20))
    run.end()
    const texts = new Set(await Promise.all(answers.map((answer) => answer.text())))
    expect(texts.size).toBe(1)
    expect(await eventsOf(new Response([...texts][0]))).toHaveLength(24)
  })
})

describe('an answer that cannot be read to its end is cut', () => {
  it.each(['unavailable', 'expired'] as const)('when the log is %s', async (code) => {
    quiet()
    const hand = byHand()
    const memory = memoryRunLog()
    const failing = deferred()
    const log = {
      ...memory,
      async *read(...args: Parameters<typeof memory.read>) {
        for await (const batch of memory.read(...args)) {
          yield batch
          await failing.promise
          throw new RunLogError(code, 'gone')
        }
      },
    }
    const { post } = await chatServer({ model: hand.model, log })
    const reader = eventReader(await post())
    const run = await hand.next()
    run.say(started())
    await reader.next()
    failing.resolve()
    await expect(reader.rest()).rejects.toThrow()
    run.end()
  })
})

describe('a shutdown', () => {
  it('is listened for once, however many runs there are, and not when there are none', async () => {
    const shutdown = new AbortController()
    const add = vi.spyOn(shutdown.signal, 'addEventListener')
    const remove = vi.spyOn(shutdown.signal, 'removeEventListener')
    const hand = byHand()
    const { post } = await chatServer({ model: hand.model, signal: shutdown.signal })
    const readers = await Promise.all(Array.from({ length: 20 }, async (_, i) => eventReader(await post(body(`r${i}`)))))
    expect([add.mock.calls.length, remove.mock.calls.length]).toEqual([1, 0])
    for (const _ of readers) {
      const run = await hand.next()
      run.say(started(), finished())
      run.end()
    }
    for (const reader of readers) await reader.rest()
    await until(() => remove.mock.calls.length > 0)
    expect([add.mock.calls.length, remove.mock.calls.length]).toEqual([1, 1])
  })

  it('ends the runs of this process, and their readers', async () => {
    const hand = byHand()
    const shutdown = new AbortController()
    const { post, join, cancel } = await chatServer({ model: hand.model, signal: shutdown.signal })
    const readers = [eventReader(await post()), eventReader(await join())]
    const run = await hand.next()
    run.say(started(), opened)
    for (const reader of readers) await reader.take(2)
    shutdown.abort()
    for (const reader of readers) {
      expect((await reader.rest()).map(({ chunk }) => chunk)).toEqual([
        expect.objectContaining({ type: 'RUN_ERROR', code: 'aborted', metadata: { retryable: true } }),
      ])
    }
    expect(run.signal.aborted).toBe(true)
    expect([(await post(body('new'))).status, (await join()).status, hand.calls()]).toEqual([503, 503, 1])
    expect(await (await cancel()).json()).toEqual({ status: 'error' })
  })

  it('cuts the readers of runs that are made elsewhere', async () => {
    quiet()
    const log = memoryRunLog()
    await log.claim({ runId: 'r', threadId: 't' })
    await log.append('r', 1, 1, [JSON.stringify(started())])
    const shutdown = new AbortController()
    const { join } = await chatServer({ model: () => [], log, signal: shutdown.signal })
    const reader = eventReader(await join())
    await reader.next()
    shutdown.abort()
    await expect(reader.rest()).rejects.toThrow()
    expect(await log.status('r')).toMatchObject({ status: 'open' })
  })
})

describe('a producer that is gone', () => {
  it('is noticed by the readers, one of whom ends the run for all', async () => {
    const { log, clock, pass } = timedLog()
    await log.claim({ runId: 'r', threadId: 't' })
    await log.append(
      'r',
      1,
      1,
      [started(), opened].map((chunk) => JSON.stringify(chunk)),
    )
    // Two servers on one log; who made the run is neither.
    const servers = [await chatServer({ model: () => [], log, clock }), await chatServer({ model: () => [], log: { ...log }, clock })]
    const readers = await Promise.all([...servers, ...servers].map(async ({ join }) => eventReader(await join())))
    for (const reader of readers) await reader.take(2)
    const rests = readers.map((reader) => reader.rest())
    await until(() => clock.pending() >= readers.length)
    pass(15_000)
    for (const rest of await Promise.all(rests)) {
      expect(rest).toEqual([
        { id: '2-3', chunk: expect.objectContaining({ type: 'RUN_ERROR', code: 'producer_lost', metadata: { retryable: true } }) },
      ])
    }
    expect(await log.status('r')).toMatchObject({ status: 'error', tail: 3, epoch: 2 })
  })

  it('is noticed at once by who comes later', async () => {
    const { log, clock, pass } = timedLog()
    const { join, post, cancel } = await chatServer({ model: () => [], log, clock })
    for (const runId of ['a', 'b', 'c']) await log.claim({ runId, threadId: 't' })
    pass(15_000)
    const last = async (response: Response) => (await eventsOf(response)).at(-1)
    const lost = { id: '2-1', chunk: expect.objectContaining({ code: 'producer_lost' }) }
    expect(await last(await join('runId=a'))).toEqual(lost)
    expect(await last(await post(body('b')))).toEqual(lost)
    expect(await (await cancel('c')).json()).toEqual({ status: 'error' })
  })

  it.each([
    ['finished', finished()],
    ['cancelled', { ...finished(), outcome: { type: 'cancelled' as const } }],
    ['error', { type: 'RUN_ERROR' as const, message: 'no' }],
  ])('after its last chunk has ended the run: %s', async (status, last) => {
    const { log, clock, pass } = timedLog()
    await log.claim({ runId: 'r', threadId: 't' })
    await log.append(
      'r',
      1,
      1,
      [started(), last].map((chunk) => JSON.stringify(chunk)),
    )
    pass(15_000)
    const { join } = await chatServer({ model: () => [], log, clock })
    expect((await eventsOf(await join())).map(({ chunk }) => chunk)).toEqual([started(), last])
    expect(await log.status('r')).toMatchObject({ status, tail: 2 })
  })
})

it('a slow reader costs no more than what it has taken', async () => {
  const chunk = said('x'.repeat(10_000))
  // In process, since a socket has buffers of its own.
  const log = memoryRunLog()
  let given = 0
  const counting = {
    ...log,
    async *read(...args: Parameters<typeof log.read>) {
      for await (const batch of log.read(...args)) {
        given += batch.length
        yield batch
      }
    },
  }
  const model = () => [started(), opened, ...Array.from({ length: 2000 }, () => chunk), closed, finished()]
  const handler = chatHandler({ model, log: counting, authorize: () => true })
  const response = await handler(
    new Request('http://in.process', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body()) }),
  )
  await until(async () => (await log.status('r'))!.status === 'finished')
  expect(given).toBe(0)
  const reader = response.body!.getReader()
  for (let reads = 0; reads < 3; reads++) await reader.read()
  await new Promise((resolve) => setImmediate(resolve))
  expect(given).toBeLessThanOrEqual(256)
  await reader.cancel()
  await until(async () => (await log.status('r'))!.unreadMs > 0)
})
