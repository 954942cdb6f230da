import { expect, it } from 'vitest'
import { type Current, events, RUN } from './log-under-test.ts'

const { runId } = RUN
const signal = new AbortController().signal

export function cancelTests(current: Current): void {
  it('a run is asked to stop once', async () => {
    const { log, second } = current()
    expect(await log.requestCancel(runId, 'stop')).toBe('unknown')
    await log.claim(RUN)
    const asked = await Promise.all([log, second, log, second].map((each) => each.requestCancel(runId, 'stop')))
    expect(asked.sort()).toEqual(['already', 'already', 'already', 'requested'])
    expect(await log.status(runId)).toMatchObject({ status: 'open' })
  })

  it.each(['finished', 'error', 'cancelled'] as const)('who asks a run to stop that has ended is told its end: %s', async (end) => {
    const { log } = current()
    await log.claim(RUN)
    await log.requestCancel(runId, 'stop')
    await log.close(runId, 1, end)
    expect(await log.requestCancel(runId, 'stop')).toBe(end)
  })

  it('each append and renewal tells that the run is to stop, and why', async () => {
    const { log, second } = current()
    await log.claim(RUN)
    expect((await log.append(runId, 1, 1, events(1, 1))).cancel).toBeUndefined()
    expect((await log.renew(runId, 1)).cancel).toBeUndefined()
    await second.requestCancel(runId, 'by user {1}')
    await second.requestCancel(runId, 'again')
    for (let seq = 2; seq < 4; seq++) {
      expect((await log.append(runId, 1, seq, events(seq, seq))).cancel).toBe('by user {1}')
      expect((await log.append(runId, 1, seq, events(seq, seq))).cancel).toBe('by user {1}')
      expect((await log.append(runId, 1, seq + 1, [])).cancel).toBe('by user {1}')
      expect((await log.renew(runId, 1)).cancel).toBe('by user {1}')
    }
  })

  it('an empty reason is one', async () => {
    const { log } = current()
    await log.claim(RUN)
    await log.requestCancel(runId, '')
    expect((await log.renew(runId, 1)).cancel).toBe('')
  })

  it('a producer that took over is told too', async () => {
    const { log, lapse } = current()
    await log.claim(RUN)
    await log.requestCancel(runId, 'stop')
    await lapse(runId)
    await log.takeover(runId)
    expect((await log.renew(runId, 2)).cancel).toBe('stop')
  })
}

export function noCallbackTests(current: Current, reason: string): void {
  it(`has no onCancel: ${reason}`, () => expect(current().log.onCancel).toBeUndefined())
}

export function callbackTests(current: Current): void {
  it('a silent producer is called back, from another process too', async () => {
    const { log, second } = current()
    await log.claim(RUN)
    const called = new Promise((resolve) => log.onCancel!(runId, resolve, signal))
    await second.requestCancel(runId, 'stop')
    expect(await called).toBe('stop')
  })

  it('a producer that asks late is called back', async () => {
    const { log } = current()
    await log.claim(RUN)
    await log.requestCancel(runId, 'stop')
    expect(await new Promise((resolve) => log.onCancel!(runId, resolve, signal))).toBe('stop')
  })

  it('nobody is called back for a run that has ended', async () => {
    const { log } = current()
    const calls: string[] = []
    await log.claim(RUN)
    await log.claim({ runId: 'other', threadId: 'other' })
    await log.requestCancel(runId, 'late')
    await log.close(runId, 1, 'finished')
    log.onCancel!(runId, (reason) => calls.push(reason), signal)
    await log.requestCancel('other', 'stop')
    // Whoever comes after it is called later.
    expect(await new Promise((resolve) => log.onCancel!('other', resolve, signal))).toBe('stop')
    expect(calls).toEqual([])
  })

  it('a producer is called back once, and not when it no longer listens', async () => {
    const { log } = current()
    const calls: string[] = []
    await log.claim(RUN)
    log.onCancel!(runId, (reason) => calls.push(`aborted before ${reason}`), AbortSignal.abort())
    const listening = new AbortController()
    log.onCancel!(runId, (reason) => calls.push(`aborted ${reason}`), listening.signal)
    listening.abort()
    log.onCancel!(runId, (reason) => calls.push(`first ${reason}`), signal)
    await log.requestCancel(runId, 'one')
    await log.requestCancel(runId, 'two')
    // The last to listen is the last to be called.
    const last = await new Promise((resolve) => log.onCancel!(runId, resolve, signal))
    expect(last).toBe('one')
    expect(calls).toEqual(['first one'])
  })
}
