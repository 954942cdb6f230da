import { ChatError } from '../errors.ts'
import { systemTimers, type Timers } from './timers.ts'
import { watchSilence } from './watch-silence.ts'

/** Half of the silence after which a server that sends heartbeats counts as gone: one in which nothing comes, and one more. */
const HALF_MS = 22_500

/** Ends a request whose server has fallen silent without closing the connection. */
export interface Silence {
  /** Aborts when the run's own signal does, or after the silence. */
  readonly signal: AbortSignal
  /** From here on silence counts. */
  watch(): void
  /** Something came. */
  heard(): void
  /** Throws `ChatError` `truncated` when it was the silence that ended the answer. */
  check(): void
  end(): void
}

/** A server that can resume sends a heartbeat at least every 30 seconds: nothing at all for 45 seconds or a little more is a drop. */
export function createSilence(signal: AbortSignal, timers: Timers = systemTimers): Silence {
  const request = new AbortController()
  let isDead = false
  let watch: ReturnType<typeof watchSilence> | undefined
  const abort = () => request.abort(signal.reason)
  if (signal.aborted) abort()
  else signal.addEventListener('abort', abort, { once: true })

  return {
    signal: request.signal,
    watch() {
      watch ??= watchSilence({
        timers,
        afterMs: HALF_MS,
        graceMs: HALF_MS,
        ask() {},
        onDead() {
          isDead = true
          request.abort()
        },
      })
    },
    heard: () => watch?.heard(),
    check() {
      if (isDead) throw new ChatError('truncated', `Nothing came for ${(2 * HALF_MS) / 1000} seconds, no heartbeat either.`)
    },
    end() {
      signal.removeEventListener('abort', abort)
      watch?.stop()
    },
  }
}
