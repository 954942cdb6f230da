import type { ResponseHead } from './check-response.ts'

/** An answer whose body is still to come. */
export interface Answer {
  response: ResponseHead
  /** The reads of its body; they end when the run is aborted, and throw what the body broke with. */
  reads: AsyncIterable<Uint8Array>
}
