import { ChatRequestError } from '../chat-request-error.ts'
import type { ChunkSource } from '../chunk-body.ts'
import type { Clock } from '../clock.ts'
import type { ErrorHandler } from '../model-error.ts'
import { cancelRun } from './cancel-run.ts'
import { endOrphan, isOrphan } from './end-orphan.ts'
import { follow } from './follow.ts'
import { onAbortOf } from './on-abort.ts'
import type { Position } from './position.ts'
import { isProducedHere, type OnAbandoned, produce } from './produce.ts'
import { RunLogError } from './run-log-error.ts'
import { toRequestError } from './to-request-error.ts'
import type { LoggedEvent, RunEnd, RunInfo, RunLog } from './run-log.ts'

/** What somebody wants with a run. */
export type RunAction = 'run' | 'join' | 'active' | 'cancel'

/** Throws for what is not allowed. `threadId` is that of the run, if it is known. */
export type Allow = (what: { action: RunAction; runId: string | undefined; threadId: string | undefined }) => Promise<void>

export interface RunsOptions {
  log: RunLog
  /** That of a shutdown: runs made here end with RUN_ERROR `aborted`, readers of other runs are cut off, and nothing new begins. */
  shutdown?: AbortSignal | undefined
  onAbandoned?: OnAbandoned | undefined
  onError?: ErrorHandler | undefined
  /** Keeps a serverless function alive until a run has ended. */
  waitUntil?: ((promise: Promise<unknown>) => void) | undefined
  /** How long a cancellation waits for the end of the run, in milliseconds. */
  cancelWaitMs?: number | undefined
  clock: Clock
}

interface RunStart {
  runId: string
  threadId: string
  fingerprint?: (() => Promise<string>) | undefined
  /** Of the last event that the client has. Such a request never starts a run. */
  position?: Position | undefined
  /** Called once for each run id. Its signal is the run's own. */
  start: (signal: AbortSignal) => ChunkSource | Promise<ChunkSource>
}

/** A place in a run to read from. `null`: the run is over, and there is nothing after it. */
export type Place = { readonly runId: string; readonly afterSeq: number; readonly isReady: boolean } | null

/** What can be done with the runs of a log, by whatever transport. Throws `ChatRequestError`s. */
export interface Runs {
  /** Starts the run, or joins it if it is known. */
  run(run: RunStart, allow: Allow): Promise<Place>
  join(run: { runId: string; position: Position | undefined }, allow: Allow): Promise<Place>
  active(threadId: string, allow: Allow): Promise<{ runId: string; tail: number } | null>
  /** Asks a run to stop, and waits for its end. A run that is not known yet is ended before it begins. */
  cancel(run: { runId: string; threadId: string | undefined }, allow: Allow): Promise<RunEnd | 'requested'>
  /** Reads on from a place, to the end of the run. What is wrong with what is there already is thrown here, the rest by the events. */
  open(place: NonNullable<Place>, signal: AbortSignal): Promise<AsyncIterable<readonly LoggedEvent[]>>
  /** Begins and joins nothing more; resolves when the runs that are made here have ended and nobody reads here any more. */
  drain(): Promise<void>
}

export function runs(options: RunsOptions): Runs {
  const { log, shutdown, onAbandoned, onError, waitUntil, cancelWaitMs = 5000, clock } = options

  const onShutdown = onAbortOf(shutdown)
  /** Runs that are made here, and reads. */
  const busy = new Set<Promise<void>>()
  let isDraining = false

  function occupy(): () => void {
    let release = () => {}
    const work = new Promise<void>((resolve) => (release = resolve))
    busy.add(work)
    return () => {
      busy.delete(work)
      release()
    }
  }

  async function joinAt(run: RunInfo, position: Position | undefined): Promise<Place> {
    const { runId, status, epoch, tail } = run
    const afterSeq = position?.seq ?? 0
    if (position && (afterSeq > tail || position.epoch > epoch)) {
      throw new ChatRequestError('bad_request', `the position is beyond the last event of the run, ${epoch}-${tail}`)
    }
    if (isOrphan(run)) await endOrphan(log, runId)
    else if (status !== 'open' && afterSeq === tail) return null
    return { runId, afterSeq, isReady: tail > afterSeq }
  }

  async function join({ runId, position }: { runId: string; position: Position | undefined }, allow: Allow): Promise<Place> {
    requireRunning()
    const run = await log.status(runId)
    await allow({ action: 'join', runId, threadId: run?.threadId })
    if (run) return joinAt(run, position)
    if (position) throw new ChatRequestError('expired', 'the run is no longer kept')
    // Tells a run that is gone from one that never was. It throws, unless the run has just begun.
    const batches = log.read(runId, 0, new AbortController().signal)[Symbol.asyncIterator]()
    await batches.next()
    await batches.return?.()
    return join({ runId, position }, allow)
  }

  function requireRunning(): void {
    if (isDraining || shutdown?.aborted) throw new ChatRequestError('unavailable', 'the server is shutting down')
  }

  async function start({ runId, threadId, fingerprint, position, start: source }: RunStart, allow: Allow): Promise<Place> {
    requireRunning()
    await allow({ action: 'run', runId, threadId })
    if (position) {
      const run = await log.status(runId)
      if (!run) throw new ChatRequestError('expired', 'the run is no longer kept')
      requireThread(run, threadId)
      return joinAt(run, position)
    }
    const asked = (await fingerprint?.()) ?? ''
    const claim = await log.claim({ runId, threadId, fingerprint: asked })
    if (claim.kind === 'created') {
      const stop = new AbortController()
      const forget = onShutdown(() => stop.abort())
      const run = { runId, threadId, epoch: claim.epoch }
      const made = produce(source, { log, run, shutdown: stop.signal, onAbandoned, onError, clock }).finally(forget)
      waitUntil?.(made)
      void made.finally(occupy())
      return { runId, afterSeq: 0, isReady: false }
    }
    requireThread(claim.run, threadId)
    if (asked !== '' && claim.run.fingerprint !== '' && claim.run.fingerprint !== asked) {
      throw new ChatRequestError('conflict', 'the run was asked with other messages')
    }
    return joinAt(claim.run, undefined)
  }

  async function* events({ runId, afterSeq }: NonNullable<Place>, signal: AbortSignal): AsyncGenerator<readonly LoggedEvent[], void, undefined> {
    const left = new AbortController()
    const leave = () => left.abort()
    const release = occupy()
    let isCut = false
    const cut = () => {
      // What is made here comes to its end by itself.
      if (isProducedHere(log, runId)) return
      isCut = true
      leave()
    }
    signal.addEventListener('abort', leave)
    const forget = onShutdown(cut)
    if (signal.aborted) leave()
    try {
      yield* follow({ log, runId, afterSeq, signal: left.signal, clock })
      if (isCut) throw new RunLogError('unavailable', 'the server is shutting down')
    } finally {
      signal.removeEventListener('abort', leave)
      forget()
      release()
    }
  }

  return {
    run: (run, allow) => start(run, allow).catch(toRequestError),
    join: (run, allow) => join(run, allow).catch(toRequestError),
    cancel: (run, allow) => cancelRun({ log, clock, waitMs: cancelWaitMs }, run, allow).catch(toRequestError),
    async active(threadId, allow) {
      await allow({ action: 'active', runId: undefined, threadId })
      const runId = await log.activeRun(threadId).catch(toRequestError)
      const run = runId === null ? null : await log.status(runId).catch(toRequestError)
      return run?.status === 'open' ? { runId: run.runId, tail: run.tail } : null
    },
    async open(place, signal) {
      const batches = events(place, signal)
      return place.isReady ? begun(batches, await batches.next().catch(toRequestError)) : batches
    },
    async drain() {
      isDraining = true
      await Promise.all(busy)
    },
  }
}

function requireThread(run: RunInfo, threadId: string): void {
  if (run.threadId !== threadId) throw new ChatRequestError('conflict', 'the run belongs to another thread')
}

async function* begun<T>(rest: AsyncGenerator<T, void, undefined>, first: IteratorResult<T, void>): AsyncGenerator<T, void, undefined> {
  try {
    if (!first.done) yield first.value
    yield* rest
  } finally {
    await rest.return()
  }
}
