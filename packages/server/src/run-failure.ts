import type { Metadata } from '@statechat/core/wire'

/** Why a run failed although the model answered. Sent to the client as `RUN_ERROR.code`. */
export type RunFailureCode =
  /** The model still wanted tools after `maxSteps` calls of it. */
  | 'max_steps'
  /** The answer does not fit `outputSchema`; what is wrong is in `metadata.issues`. */
  | 'invalid_output'
  /** `resume` answers a question that was not asked here. */
  | 'unknown_interrupt'
  /** `resume` holds an answer of the wrong form. */
  | 'invalid_resume'

export interface RunFailureDetails {
  retryable?: boolean | undefined
  metadata?: Metadata | undefined
  cause?: unknown
}

/** A failure that is no secret: unlike those of a model, its message is for the client too. What `onError` gets of it. */
export class RunFailure extends Error {
  readonly code: RunFailureCode
  readonly metadata: Metadata

  constructor(code: RunFailureCode, message: string, { retryable = false, metadata, cause }: RunFailureDetails = {}) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'RunFailure'
    this.code = code
    this.metadata = { retryable, ...metadata }
  }
}
