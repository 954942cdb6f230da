export type RunLogErrorCode =
  /** There is no run of this id. */
  | 'unknown_run'
  /** Another producer has taken the run over; what this one makes is no longer wanted. */
  | 'fenced'
  /** The run has ended. */
  | 'closed'
  /** Events before these are missing. */
  | 'gap'
  /** The position is one that the run has not come to yet. */
  | 'beyond_tail'
  /** The run, or its events, are no longer kept. */
  | 'expired'
  /** The store cannot be reached, or refused: see `cause`. What was asked may have been done. */
  | 'unavailable'

/** Why a {@link RunLog} did not do what it was asked. */
export class RunLogError extends Error {
  readonly code: RunLogErrorCode

  constructor(code: RunLogErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'RunLogError'
    this.code = code
  }
}

/** True for a {@link RunLogError}, also one made by another copy of the library. */
export function isRunLogError(value: unknown): value is RunLogError {
  return value instanceof Error && value.name === 'RunLogError' && typeof (value as { code?: unknown }).code === 'string'
}
