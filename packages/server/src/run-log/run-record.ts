import type { Chunk } from '@statechat/core/wire'
import type { AnyChunk } from '../chunk-body.ts'
import type { RunEnd } from './run-log.ts'

export interface RunIds {
  threadId: string
  runId: string
}

/** Follows what a run has opened, so that it can be ended well at any point. */
export interface RunRecord {
  accept(chunk: AnyChunk): void
  /** Nothing has begun, or what began has ended. */
  isOver(): boolean
  /** Closes what is open and says that the run was cancelled. Nothing if it is over. */
  cancelled(): AnyChunk[]
  end(): RunEnd
}

export function runRecord(ids: RunIds): RunRecord {
  /** The ENDs that are owed, in the order of the STARTs. */
  const owed = new Map<string, Chunk>()
  let run: RunIds = ids
  let state: 'none' | 'open' | RunEnd = 'none'

  return {
    accept(chunk) {
      const event = chunk as Chunk
      switch (event.type) {
        case 'RUN_STARTED':
          run = { threadId: event.threadId, runId: event.runId }
          state = 'open'
          owed.clear()
          return
        case 'RUN_FINISHED':
          state = event.outcome?.type === 'cancelled' ? 'cancelled' : 'finished'
          return
        case 'RUN_ERROR':
          state = 'error'
          return
        case 'TEXT_MESSAGE_START':
          return void owed.set(`text ${event.messageId}`, { type: 'TEXT_MESSAGE_END', messageId: event.messageId })
        case 'TEXT_MESSAGE_END':
          return void owed.delete(`text ${event.messageId}`)
        case 'REASONING_START':
          return void owed.set(`span ${event.messageId}`, { type: 'REASONING_END', messageId: event.messageId })
        case 'REASONING_END':
          return void owed.delete(`span ${event.messageId}`)
        case 'REASONING_MESSAGE_START':
          return void owed.set(`thought ${event.messageId}`, { type: 'REASONING_MESSAGE_END', messageId: event.messageId })
        case 'REASONING_MESSAGE_END':
          return void owed.delete(`thought ${event.messageId}`)
        case 'TOOL_CALL_START': {
          const { toolCallId } = event
          return void owed.set(`call ${toolCallId}`, { type: 'TOOL_CALL_END', toolCallId, metadata: { incomplete: true } })
        }
        case 'TOOL_CALL_END':
          return void owed.delete(`call ${event.toolCallId}`)
        case 'STEP_STARTED':
          return void owed.set(`step ${event.stepName}`, { type: 'STEP_FINISHED', stepName: event.stepName })
        case 'STEP_FINISHED':
          return void owed.delete(`step ${event.stepName}`)
      }
    },
    isOver: () => state !== 'none' && state !== 'open',
    cancelled() {
      if (this.isOver()) return []
      const finished: Chunk = { type: 'RUN_FINISHED', ...run, outcome: { type: 'cancelled' } }
      const begun: Chunk[] = state === 'none' ? [{ type: 'RUN_STARTED', ...run }] : []
      return [...begun, ...[...owed.values()].reverse(), finished]
    },
    end: () => (state === 'none' || state === 'open' ? 'error' : state),
  }
}
