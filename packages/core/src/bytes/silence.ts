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
  /** Passes the reads on, and throws `ChatError` `truncated` when they end because of the silence. */
  reads(reads: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void>
  /** Throws what {@link reads} throws, for an answer that has not begun. */
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

  function check(): void {
    if (isDead) throw new ChatError('truncated', `Nothing came for ${(2 * HALF_MS) / 1000} seconds, no heartbeat either.`)
  }
  function end(): void {
    signal.removeEventListener('abort', abort)
    watch?.stop()
  }

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
    async *reads(reads) {
      for await (const bytes of reads) {
        watch?.heard()
        yield bytes
      }
      check()
    },
    check,
    end,
  }
}
