import { expect, it } from 'vitest'
import { collect, type Current, events, expectCode, expectSoon, logged, readAll, RUN, take } from './log-under-test.ts'

const { runId } = RUN

export function readTests(current: Current): void {
  it('a run that has ended is read from any position to its end', async () => {
    const { log, second } = current()
    await log.claim(RUN)
    await log.append(runId, 1, 1, events(1, 5))
    await log.close(runId, 1, 'finished')
    for (let after = 0; after <= 5; after++) expect(await readAll(second, runId, after)).toEqual(logged(1, after + 1, 5))
  })

  it('a thousand events at once come in order, whatever the batches', async () => {
    const { log } = current()
    await log.claim(RUN)
    await log.append(runId, 1, 1, events(1, 1300))
    await log.close(runId, 1, 'finished')
    expect(await readAll(log, runId)).toEqual(logged(1, 1, 1300))
    expect(await readAll(log, runId, 511)).toEqual(logged(1, 512, 1300))
  })

  it('a reader gets what there is and then what comes, until the run ends', async () => {
    const { log, second } = current()
    await log.claim(RUN)
    await log.append(runId, 1, 1, events(1, 2))
    const reading = second.read(runId, 1, new AbortController().signal)[Symbol.asyncIterator]()
    expect((await reading.next()).value).toEqual(logged(1, 2, 2))
    for (let seq = 3; seq < 10; seq++) {
      const next = reading.next()
      await log.append(runId, 1, seq, events(seq, seq))
      expect((await next).value).toEqual(logged(1, seq, seq))
    }
    const last = reading.next()
    await log.close(runId, 1, 'finished')
    expect(await last).toEqual({ done: true, value: undefined })
  })

  it('what is written just before the end is read before the end', async () => {
    const { log, second } = current()
    await log.claim(RUN)
    const reading = readAll(second, runId)
    await Promise.all([log.append(runId, 1, 1, events(1, 3)).then(() => log.close(runId, 1, 'finished')), reading])
    expect(await reading).toEqual(logged(1, 1, 3))
  })

  it('fifty readers each get everything', async () => {
    const { log, second } = current()
    await log.claim(RUN)
    const readers = Array.from({ length: 50 }, (_, i) => readAll(i % 2 ? log : second, runId))
    for (let seq = 1; seq <= 20; seq++) await log.append(runId, 1, seq, events(seq, seq))
    await log.close(runId, 1, 'finished')
    for (const reader of readers) expect(await reader).toEqual(logged(1, 1, 20))
  })

  it('no event is missed by a reader that comes while it is written', async () => {
    const { log, second } = current()
    await log.claim(RUN)
    const readers: Promise<unknown>[] = []
    for (let seq = 1; seq <= 30; seq++) {
      const signal = new AbortController().signal
      readers.push(take((seq % 2 ? log : second).read(runId, seq - 1, signal), 1))
      await log.append(runId, 1, seq, events(seq, seq))
    }
    const firsts = (await Promise.all(readers)).map((batch) => (batch as object[])[0])
    expect(firsts).toEqual(logged(1, 1, 30))
  })

  it('a position that is yet to come is refused', async () => {
    const { log } = current()
    await log.claim(RUN)
    await expectCode(readAll(log, runId, 1), 'beyond_tail')
    await log.append(runId, 1, 1, events(1, 2))
    await expectCode(readAll(log, runId, 3), 'beyond_tail')
    await log.close(runId, 1, 'finished')
    await expectCode(readAll(log, runId, 3), 'beyond_tail')
  })

  it('a run that nobody claimed is not read', async () => {
    await expectCode(readAll(current().log, 'never'), 'unknown_run')
  })

  it('a run that is no longer kept is not read', async () => {
    const { log, expire } = current()
    await log.claim(RUN)
    await log.append(runId, 1, 1, events(1, 2))
    await log.close(runId, 1, 'finished')
    await expire(runId)
    // Whether it is remembered that there was one is up to the log.
    await expectCode(readAll(log, runId), 'expired', 'unknown_run')
    await expectCode(readAll(log, runId, 1), 'expired', 'unknown_run')
  })

  it('a reader whose run is lost is told, and does not take it for the end', async () => {
    const { log, second, expire } = current()
    await log.claim(RUN)
    await log.append(runId, 1, 1, events(1, 2))
    const reading = second.read(runId, 0, new AbortController().signal)[Symbol.asyncIterator]()
    expect((await reading.next()).value).toEqual(logged(1, 1, 2))
    await log.close(runId, 1, 'finished')
    await expire(runId)
    await expectCode(reading.next(), 'expired')
  })

  it('a reader that is aborted ends', async () => {
    const { log } = current()
    await log.claim(RUN)
    await log.append(runId, 1, 1, events(1, 2))
    expect(await collect(log.read(runId, 0, AbortSignal.abort()))).toEqual([])

    const waiting = new AbortController()
    const reading = log.read(runId, 0, waiting.signal)[Symbol.asyncIterator]()
    expect((await reading.next()).value).toEqual(logged(1, 1, 2))
    const next = reading.next()
    waiting.abort()
    expect(await next).toEqual({ done: true, value: undefined })
  })

  it('a run is unread from its claim on, and while nobody reads it', async () => {
    const under = current()
    const { log, second } = under
    const unreadMs = async () => (await log.status(runId))!.unreadMs
    await log.claim(RUN)
    await log.append(runId, 1, 1, events(1, 1))
    await expectSoon(under, unreadMs, (ms) => ms > 0)
    const reading = second.read(runId, 0, new AbortController().signal)[Symbol.asyncIterator]()
    await reading.next()
    await expectSoon(under, unreadMs, (ms) => ms === 0)
    await reading.return?.()
    await expectSoon(under, unreadMs, (ms) => ms > 0)
  })
}
