import { expect } from 'vitest'
import { isRunLogError, type RunLogErrorCode } from '../../../src/run-log/run-log-error.ts'
import type { LoggedEvent, RunLog } from '../../../src/run-log/run-log.ts'

export interface LogUnderTest {
  log: RunLog
  /** The same store as another process sees it; the log itself if there is only one process. */
  second: RunLog
  /** The producer of the run has been silent for `leaseMs`. */
  lapse(runId: string): Promise<void>
  /** The run has not been asked for until its time was over. */
  expire(runId: string): Promise<void>
  /** Lets a little time pass, for a clock that does not run by itself. */
  tick(): void
  dispose(): Promise<void>
}

export interface SuiteOptions {
  makeLog: () => Promise<LogUnderTest>
  /** How many random schedules are played. */
  schedules: number
  /** What this log does not do, and why. */
  lacks?: { onCancel?: string }
}

/** The log of the test that runs. */
export type Current = () => LogUnderTest

export const RUN = { runId: 'run-1', threadId: 'thread-1' }

/** Everything, until the read ends. */
export async function collect(reading: AsyncIterable<readonly LoggedEvent[]>): Promise<LoggedEvent[]> {
  const events: LoggedEvent[] = []
  for await (const batch of reading) events.push(...batch)
  return events
}

/** The first `count` events; then the reader leaves. */
export async function take(reading: AsyncIterable<readonly LoggedEvent[]>, count: number): Promise<LoggedEvent[]> {
  const events: LoggedEvent[] = []
  for await (const batch of reading) {
    events.push(...batch)
    if (events.length >= count) break
  }
  return events
}

/** A read that nothing aborts. */
export const readAll = (log: RunLog, runId: string, after = 0): Promise<LoggedEvent[]> =>
  collect(log.read(runId, after, new AbortController().signal))

export const events = (from: number, to: number): string[] => Array.from({ length: to - from + 1 }, (_, i) => `{"n":${from + i}}`)

export const logged = (epoch: number, from: number, to: number): LoggedEvent[] => events(from, to).map((data, i) => ({ epoch, seq: from + i, data }))

export async function expectCode(promise: Promise<unknown>, ...codes: RunLogErrorCode[]): Promise<void> {
  const error = await promise.then(
    () => 'nothing was thrown',
    (error: unknown) => error,
  )
  if (!isRunLogError(error)) throw new Error(`expected a RunLogError ${codes.join(' or ')}`, { cause: error })
  expect(codes).toContain(error.code)
}

/** Looks until it is as expected. */
export async function expectSoon<T>({ tick }: Pick<LogUnderTest, 'tick'>, look: () => Promise<T>, isIt: (seen: T) => boolean): Promise<T> {
  for (;;) {
    const seen = await look()
    if (isIt(seen)) return seen
    tick()
    // So that a test that waits in vain can time out.
    await new Promise((resolve) => setImmediate(resolve))
  }
}
