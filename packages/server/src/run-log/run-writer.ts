import type { Clock } from '../clock.ts'
import { isRunLogError } from './run-log-error.ts'
import type { RunEnd, RunLog, Written } from './run-log.ts'

export interface RunWriterOptions {
  log: RunLog
  runId: string
  epoch: number
  clock: Clock
  onCancel: () => void
  /** The log takes no more: another producer has the run, it has ended, or the log could not be reached for as long as the lease lives. */
  onLost: (error: unknown) => void
  /** Each third of a lease. */
  onTick: () => void
}

export interface RunWriter {
  /** Adds an event behind all others. Resolves when there is room for the next. */
  write(data: string): Promise<void> | undefined
  /** Resolves when everything is in the log and the run is closed, or it is lost. */
  close(end: RunEnd): Promise<void>
}

/** What waits for the append that is under way; beyond it the source has to wait. */
const MAX_EVENTS = 256
const MAX_CHARACTERS = 1024 * 1024
const FIRST_PAUSE_MS = 100

/** The one writer of a run: while an append is under way, what comes goes into the next one. Renews the lease while it is silent. */
export function runWriter({ log, runId, epoch, clock, onCancel, onLost, onTick }: RunWriterOptions): RunWriter {
  const tickMs = log.leaseMs / 3
  let tail = 0
  let batch: string[] = []
  let characters = 0
  let flushing: Promise<void> | undefined
  let hasRoom: (() => void) | undefined
  /** Wakes what waits to try again. */
  let giveUp: (() => void) | undefined
  let isLost = false
  let onceLost = () => {}
  const lost = new Promise<void>((resolve) => (onceLost = resolve))
  /** Thirds of a lease since the log last answered. */
  let silentTicks = 0
  let timer = clock.setTimeout(tick, tickMs)

  function tick(): void {
    silentTicks += 1
    if (silentTicks > 3) return lose(new Error(`the log could not be reached for ${log.leaseMs} ms`))
    timer = clock.setTimeout(tick, tickMs)
    // An append under way is a sign of life itself, and tells what a renewal would.
    if (flushing === undefined) void once(() => log.renew(runId, epoch))
    onTick()
  }
  function lose(error: unknown): void {
    if (isLost) return
    isLost = true
    stop()
    batch = []
    hasRoom?.()
    giveUp?.()
    onceLost()
    onLost(error)
  }
  const stop = () => clock.clearTimeout(timer)

  /** False if it is worth another try. */
  async function once(ask: () => Promise<Written | void>): Promise<boolean> {
    if (isLost) return true
    try {
      const written = await ask()
      silentTicks = 0
      if (written?.cancel !== undefined) onCancel()
      return true
    } catch (error) {
      if (!isRunLogError(error) || error.code !== 'unavailable') lose(error)
      return isLost
    }
  }
  /** Until it is done, or the run is lost: what may have been applied can be asked again. */
  async function surely(ask: () => Promise<Written | void>): Promise<void> {
    for (let pauseMs = FIRST_PAUSE_MS; !(await once(ask)); pauseMs = Math.min(2 * pauseMs, tickMs)) await pause(pauseMs)
  }
  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      if (isLost) return resolve()
      const id = clock.setTimeout(resolve, ms)
      giveUp = () => {
        clock.clearTimeout(id)
        resolve()
      }
    })
  }
  async function flush(): Promise<void> {
    while (batch.length > 0) {
      const events = batch
      batch = []
      characters = 0
      hasRoom?.()
      await surely(() => log.append(runId, epoch, tail + 1, events))
      tail += events.length
    }
    flushing = undefined
  }

  async function finish(end: RunEnd): Promise<void> {
    await flushing
    await surely(() => log.close(runId, epoch, end))
    stop()
  }

  return {
    write(data) {
      if (isLost) return undefined
      batch.push(data)
      characters += data.length
      flushing ??= flush()
      if (batch.length < MAX_EVENTS && characters < MAX_CHARACTERS) return undefined
      return new Promise((resolve) => (hasRoom = resolve))
    },
    // A log that never answers is lost too.
    close: (end) => Promise.race([finish(end), lost]),
  }
}
