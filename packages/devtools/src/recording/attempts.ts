import { messageOf } from '../text/message-of.ts'
import { chunksOf, type MachineEvent } from './machine-event.ts'

/** When something happened: before which entry, and how many ms after the record began. */
export interface Mark {
  readonly entry: number
  readonly at: number
}

/** `aborted`: the chat ended it. */
type AttemptEnd = 'closed' | 'dropped' | 'failed' | 'aborted'

/** One request of a run, or one try to rejoin it. */
export interface Attempt {
  readonly runId: string
  /** 1 for the first request of its run. */
  readonly count: number
  readonly started: Mark
  opened?: Mark
  ended?: Mark & { readonly how: AttemptEnd; readonly error?: string }
  /** The server said that it failed; the chat ends such a request. */
  failure?: string
  reads: number
  chunks: number
  cursor?: string
}

export interface Attempts {
  readonly all: readonly Attempt[]
  start(runId: string, mark: Mark): void
  /** What the actor of a run reports. */
  note(event: MachineEvent, mark: Mark): void
  /** The actor of a run was stopped. */
  abort(runId: string, mark: Mark): void
}

/** Keeps the latest `limit` attempts. */
export function createAttempts(limit: number): Attempts {
  const all: Attempt[] = []
  const latest = (runId: unknown) => all.findLast((attempt) => attempt.runId === runId)
  const open = (runId: unknown) => {
    const attempt = latest(runId)
    return attempt?.ended ? undefined : attempt
  }
  return {
    all,
    start(runId, started) {
      all.push({ runId, count: (latest(runId)?.count ?? 0) + 1, started, reads: 0, chunks: 0 })
      if (all.length > limit) all.shift()
    },
    note(event, mark) {
      const attempt = open(event['runId'])
      if (!attempt) return
      switch (event.type) {
        case 'run.opened':
          attempt.opened = mark
          break
        case 'run.chunks':
          attempt.reads++
          attempt.chunks += chunksOf(event).length
          for (const chunk of chunksOf(event)) if (chunk.type === 'RUN_ERROR') attempt.failure = chunk.message
          if (typeof event['cursor'] === 'string') attempt.cursor = event['cursor']
          break
        case 'run.closed':
          attempt.ended = { ...mark, how: 'closed' }
          break
        case 'run.dropped':
        case 'run.failed':
          attempt.ended = { ...mark, how: event.type === 'run.dropped' ? 'dropped' : 'failed', error: messageOf(event['error']) }
          break
      }
    },
    abort(runId, mark) {
      const attempt = open(runId)
      if (attempt) attempt.ended = { ...mark, ...(attempt.failure === undefined ? { how: 'aborted' } : { how: 'failed', error: attempt.failure }) }
    },
  }
}
