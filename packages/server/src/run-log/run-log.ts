/** How a run ended. */
export type RunEnd = 'finished' | 'error' | 'cancelled'
export type RunStatus = 'open' | RunEnd

/** What names a run when it is claimed. Ids are made by clients, so they are names, not permissions. */
export interface RunIdentity {
  runId: string
  threadId: string
  /** Tells two requests with one run id apart; kept as it is given. Default: `''`, which is like any. */
  fingerprint?: string | undefined
}

/** What is known of a run. */
export interface RunInfo {
  readonly runId: string
  readonly threadId: string
  readonly fingerprint: string
  readonly status: RunStatus
  /** Which of its producers writes: 1, and one more with each takeover. */
  readonly epoch: number
  /** `seq` of the last event; 0 before the first. */
  readonly tail: number
  /** Its producer has renewed in time. False for an open run: the producer is gone, see {@link RunLog.takeover}. */
  readonly isLeaseValid: boolean
  /** Milliseconds since somebody last read it, or since it was claimed; 0 while somebody reads. */
  readonly unreadMs: number
}

export interface LoggedEvent {
  readonly epoch: number
  /** 1-based, without gaps over the whole run, whichever epoch. */
  readonly seq: number
  /** The chunk as JSON. */
  readonly data: string
}

export type Claim = { readonly kind: 'created'; readonly epoch: number } | { readonly kind: 'known'; readonly run: RunInfo }

/** `cancel` is the reason that was given with {@link RunLog.requestCancel}. */
export interface Written {
  readonly cancel?: string | undefined
}

/**
 * Where the events of runs are kept while they are made and for a while after, so that a client that lost its connection, another tab
 * or another process reads on. One writer per run at a time, fenced by `epoch`; any number of readers.
 * Every implementation passes one suite of tests. Methods throw {@link RunLogError}.
 */
export interface RunLog {
  /** How long a producer may be silent before it counts as gone, in milliseconds; it renews three times as often. */
  readonly leaseMs: number
  /** The first claim of a run id creates the run; exactly one of many at once. */
  claim(run: RunIdentity): Promise<Claim>
  /** The run of a producer that is gone, for one of all who ask; `null` for the others, and for a run that is closed, unknown or alive. */
  takeover(runId: string): Promise<{ readonly epoch: number; readonly tail: number } | null>
  /**
   * Adds events from `firstSeq` on. Idempotent: those at or below the tail are skipped, so an append that may have been applied is simply sent again.
   * Throws `unknown_run`, `fenced`, `closed`, `gap`.
   */
  append(runId: string, epoch: number, firstSeq: number, events: readonly string[]): Promise<Written>
  /** A sign of life of the producer. Throws `unknown_run`, `fenced`, `closed`. */
  renew(runId: string, epoch: number): Promise<Written>
  /** Ends the run. Idempotent: the first end stays. Throws `unknown_run`, `fenced`. */
  close(runId: string, epoch: number, end: RunEnd): Promise<void>
  /**
   * The events after `afterSeq`, in batches: first what there is, then what comes; ends when the run is closed and everything was given, or `signal` aborts.
   * Throws `unknown_run`, `beyond_tail` for a position that is yet to come, `expired` when the run or its events are gone.
   * It only reads: whether the producer is alive is for its caller to ask.
   */
  read(runId: string, afterSeq: number, signal: AbortSignal): AsyncIterable<readonly LoggedEvent[]>
  status(runId: string): Promise<RunInfo | null>
  /** Asks the producer to stop, wherever it is. `already`: somebody has asked before. A run that has ended gives its end. */
  requestCancel(runId: string, reason: string): Promise<'requested' | 'already' | 'unknown' | RunEnd>
  /** Calls back, once, when the run is asked to stop; for producers that are silent. Not every log can: `append` and `renew` tell too. Ends with `signal`. */
  onCancel?(runId: string, callback: (reason: string) => void, signal: AbortSignal): void
  /** The open run of a thread, the newest if there are several. */
  activeRun(threadId: string): Promise<string | null>
  /** Lets go of timers and connections that are the log's own; what is kept elsewhere stays. */
  dispose(): Promise<void>
}
