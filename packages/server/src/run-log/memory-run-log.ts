import { ChatError } from '@statechat/core/wire'
import { backgroundClock, type Clock } from '../clock.ts'
import { closedRuns } from './closed-runs.ts'
import { infoOf, type MemoryRun, memoryRun, readRun, wake } from './memory-run.ts'
import { RunLogError } from './run-log-error.ts'
import type { RunLog } from './run-log.ts'

export interface MemoryRunLogOptions {
  /** How long a run is kept after its end, in milliseconds. Default 5 minutes. */
  closedTtlMs?: number | undefined
  /** The most runs that are kept after their end; beyond it the one that ended first goes. Open runs stay, however many. Default 1,024. */
  maxRuns?: number | undefined
  /** The most that these take, in bytes, counted as characters and 64 more for each event. The last one stays, whatever its size. Default 64 MiB. */
  maxBytes?: number | undefined
  /** See {@link RunLog.leaseMs}. Default 15,000. */
  leaseMs?: number | undefined
  clock?: Clock | undefined
  /** Milliseconds from any moment on; `performance.now` by default. */
  now?: (() => number) | undefined
}

/**
 * Keeps runs in this process, for one server process: a client that reconnects has to come back to the same one.
 * Everything is lost with the process.
 *
 * @example
 * ```ts
 * const log = memoryRunLog()
 * const POST = chatHandler({ model: ai(scripted()), log, authorize: () => true })
 * ```
 */
export function memoryRunLog(options: MemoryRunLogOptions = {}): RunLog {
  const { closedTtlMs = 300_000, maxRuns = 1024, maxBytes = 64 * 1024 * 1024, leaseMs = 15_000, clock = backgroundClock } = options
  const { now = () => performance.now() } = options
  for (const [name, value] of Object.entries({ closedTtlMs, maxRuns, maxBytes, leaseMs })) {
    if (!(value > 0)) throw new ChatError('misuse', `${name} is ${value}: it has to be more than 0`)
  }
  const runs = new Map<string, MemoryRun>()
  /** The open runs of each thread, the newest last. */
  const open = new Map<string, Set<MemoryRun>>()
  /** Runs that were here: told apart from those that never were. */
  const expired = new Set<string>()
  const closed = closedRuns({ ttlMs: closedTtlMs, maxRuns, maxBytes, clock, now, evict })

  function evict(run: MemoryRun): void {
    runs.delete(run.runId)
    expired.add(run.runId)
    if (expired.size > EXPIRED_IDS) expired.delete(expired.values().next().value!)
    run.isGone = true
    wake(run)
  }
  function known(runId: string): MemoryRun {
    const run = runs.get(runId)
    if (run) return run
    throw expired.has(runId)
      ? new RunLogError('expired', `the run "${runId}" is no longer kept`)
      : new RunLogError('unknown_run', `there is no run "${runId}"`)
  }
  /** The run, for its producer. */
  function owned(runId: string, epoch: number): MemoryRun {
    const run = runs.get(runId)
    if (!run) throw new RunLogError('unknown_run', `there is no run "${runId}"`)
    if (run.epoch !== epoch) throw new RunLogError('fenced', `the run "${runId}" is written by producer ${run.epoch}, not ${epoch}`)
    return run
  }
  function alive(runId: string, epoch: number): MemoryRun {
    const run = owned(runId, epoch)
    if (run.status !== 'open') throw new RunLogError('closed', `the run "${runId}" has ended: ${run.status}`)
    run.leaseUntil = now() + leaseMs
    return run
  }

  return {
    leaseMs,
    async claim(identity) {
      const { runId, threadId } = identity
      const before = runs.get(runId)
      if (before) return { kind: 'known', run: infoOf(before, now()) }
      const run = memoryRun(identity, now(), leaseMs)
      runs.set(runId, run)
      expired.delete(runId)
      open.set(threadId, (open.get(threadId) ?? new Set()).add(run))
      return { kind: 'created', epoch: run.epoch }
    },
    async takeover(runId) {
      const run = runs.get(runId)
      if (!run || run.status !== 'open' || now() < run.leaseUntil) return null
      run.epoch += 1
      run.leaseUntil = now() + leaseMs
      return { epoch: run.epoch, tail: run.events.length }
    },
    async append(runId, epoch, firstSeq, events) {
      const run = alive(runId, epoch)
      const tail = run.events.length
      if (firstSeq > tail + 1) throw new RunLogError('gap', `event ${firstSeq} of run "${runId}" comes after ${tail}`)
      for (const data of events.slice(tail + 1 - firstSeq)) {
        run.events.push({ epoch, seq: run.events.length + 1, data })
        run.bytes += data.length + EVENT_BYTES
      }
      if (run.events.length > tail) wake(run)
      return { cancel: run.cancel }
    },
    async renew(runId, epoch) {
      return { cancel: alive(runId, epoch).cancel }
    },
    async close(runId, epoch, end) {
      const run = owned(runId, epoch)
      if (run.status !== 'open') return
      run.status = end
      run.onCancel.clear()
      const siblings = open.get(run.threadId)
      siblings?.delete(run)
      if (siblings?.size === 0) open.delete(run.threadId)
      closed.add(run)
      wake(run)
    },
    async *read(runId, afterSeq, signal) {
      const run = known(runId)
      const tail = run.events.length
      if (afterSeq > tail) throw new RunLogError('beyond_tail', `run "${runId}" has ${tail} events, none after ${afterSeq}`)
      run.readers += 1
      try {
        yield* readRun(run, afterSeq, signal)
      } finally {
        run.readers -= 1
        run.lastReadAt = now()
      }
    },
    async status(runId) {
      const run = runs.get(runId)
      return run ? infoOf(run, now()) : null
    },
    async requestCancel(runId, reason) {
      const run = runs.get(runId)
      if (!run) return 'unknown'
      if (run.status !== 'open') return run.status
      if (run.cancel !== undefined) return 'already'
      run.cancel = reason
      const callbacks = [...run.onCancel]
      run.onCancel.clear()
      for (const callback of callbacks) callback(reason)
      return 'requested'
    },
    onCancel(runId, callback, signal) {
      const run = runs.get(runId)
      if (!run || run.status !== 'open' || signal.aborted) return
      if (run.cancel !== undefined) return callback(run.cancel)
      run.onCancel.add(callback)
      signal.addEventListener('abort', () => run.onCancel.delete(callback), { once: true })
    },
    async activeRun(threadId) {
      return [...(open.get(threadId) ?? [])].at(-1)?.runId ?? null
    },
    async dispose() {
      closed.dispose()
      for (const run of [...runs.values()]) evict(run)
      open.clear()
    },
  }
}

/** What an event takes besides its text. */
const EVENT_BYTES = 64
const EXPIRED_IDS = 10_000
