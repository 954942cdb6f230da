import type { Clock } from '../clock.ts'
import type { ModelError, ModelErrorCode } from '../model-error.ts'

interface RetryOptions {
  maxRetries: number
  clock: Clock
  signal: AbortSignal
  errorOf: (error: unknown) => ModelError
}

const PASSING: ReadonlySet<ModelErrorCode> = new Set(['rate_limit', 'timeout', 'provider_unavailable'])

/** Who asks for more than a minute is not waited for: a person sits at the other end. */
const LONGEST_WAIT = 60_000

/** Tries again what failed for a while, at the provider's pace, or after 1 s, 2 s, 4 s, … */
export async function retrying<T>(attempt: () => PromiseLike<T>, { maxRetries, clock, signal, errorOf }: RetryOptions): Promise<T> {
  for (let retries = 0; ; retries++) {
    try {
      return await attempt()
    } catch (cause) {
      const error = errorOf(cause)
      const wait = error.retryAfter ?? 1000 * 2 ** retries
      if (retries >= maxRetries || !PASSING.has(error.code) || wait > LONGEST_WAIT || signal.aborted) throw error
      await pause(wait, clock, signal)
    }
  }
}

/** Waits, but not past an abort. */
function pause(ms: number, clock: Clock, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      clock.clearTimeout(timer)
      reject(signal.reason)
    }
    const timer = clock.setTimeout(() => {
      signal.removeEventListener('abort', onAbort)
      resolve()
    }, ms)
    signal.addEventListener('abort', onAbort, { once: true })
  })
}
