import type { Clock } from '../clock.ts'

/** Above it the model is not asked for more. */
const HIGH_WATER = 64 * 1024
/** There is no event for it, so one has to look. */
const LOOK_AGAIN_MS = 20

export interface PumpOptions {
  send: (text: string) => void
  /** Bytes that are still to leave. */
  buffered: () => number
  clock: Clock
  /** Aborts when nobody reads any more. */
  signal: AbortSignal
}

/** Sends each read as one message, no faster than they leave. */
export async function pump(body: ReadableStream<Uint8Array>, { send, buffered, clock, signal }: PumpOptions): Promise<void> {
  const reader = body.getReader()
  const text = new TextDecoder()
  const cancel = () => void reader.cancel().catch(() => {})
  signal.addEventListener('abort', cancel)
  if (signal.aborted) cancel()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done || signal.aborted) return
      send(text.decode(value))
      while (buffered() > HIGH_WATER && !signal.aborted) await pause(clock, signal)
    }
  } finally {
    signal.removeEventListener('abort', cancel)
    cancel()
  }
}

function pause(clock: Clock, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      clock.clearTimeout(timer)
      signal.removeEventListener('abort', go)
      resolve()
    }
    const timer = clock.setTimeout(go, LOOK_AGAIN_MS)
    signal.addEventListener('abort', go)
  })
}
