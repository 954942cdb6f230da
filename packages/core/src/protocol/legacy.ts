import type { ChunkType } from './chunk.ts'
import { isObject } from '../json.ts'

type Event = Record<string, unknown>

/** Events of AG-UI before 1.0. They name no message, so ids are made from the run's. */
export function createLegacyEvents(runId: string): (event: Event, type: string) => Event | undefined {
  let spans = 0
  let messages = 0
  const renamed = (event: Event, type: ChunkType, id: string): Event => ({ ...event, type, messageId: event['messageId'] ?? id })
  const span = () => `${runId}-thinking-${spans}`
  const message = () => `${runId}-thought-${messages}`

  return (event, type) => {
    switch (type) {
      case 'THINKING_START':
        spans += 1
        return renamed(event, 'REASONING_START', span())
      case 'THINKING_END':
        return renamed(event, 'REASONING_END', span())
      case 'THINKING_TEXT_MESSAGE_START':
        messages += 1
        return { ...renamed(event, 'REASONING_MESSAGE_START', message()), role: 'reasoning' }
      case 'THINKING_TEXT_MESSAGE_CONTENT':
        return renamed(event, 'REASONING_MESSAGE_CONTENT', message())
      case 'THINKING_TEXT_MESSAGE_END':
        return renamed(event, 'REASONING_MESSAGE_END', message())
      default:
        return undefined
    }
  }
}

/**
 * Known events whose fields had other names once: the first AG-UI servers of TanStack AI (`toolName`, `stepId`,
 * `error.message`), reasoning with another role. Only asked for events that are malformed as they stand.
 */
export function withTodaysFields(event: Event, type: ChunkType, ids: { threadId: string; runId: string }): Event {
  switch (type) {
    case 'RUN_STARTED':
    case 'RUN_FINISHED':
      return { ...event, threadId: event['threadId'] ?? ids.threadId, runId: event['runId'] ?? ids.runId }
    case 'RUN_ERROR': {
      const error = isObject(event['error']) ? event['error'] : undefined
      const code = event['code'] ?? error?.['code']
      return {
        ...event,
        message: event['message'] ?? error?.['message'],
        code: typeof code === 'number' ? String(code) : (code ?? undefined),
      }
    }
    case 'TOOL_CALL_START':
      return { ...event, toolCallName: event['toolCallName'] ?? event['toolName'] }
    case 'STEP_STARTED':
    case 'STEP_FINISHED':
      return { ...event, stepName: event['stepName'] ?? event['stepId'] }
    case 'REASONING_MESSAGE_START':
      return { ...event, role: 'reasoning' }
    default:
      return event
  }
}
