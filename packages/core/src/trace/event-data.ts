import type { ChatEvent, QueuedMessage } from '../session/events.ts'
import type { UIMessage } from '../transcript/message.ts'
import { fromErrorData, toErrorData } from './error-data.ts'
import type { TraceEvent, TraceMessage } from './trace.ts'

/** The machine's name for the end of the wait before a run is rejoined. */
const BACKOFF = 'xstate.after.backoff.chat.running.streaming.reconnecting.waiting'

/**
 * What is written down of an event, not yet copied; undefined for what is XState's own. The `body` and `data` of a send stay out:
 * they are the request's, and keys are kept there.
 */
export function toEventData(event: { type: string }): object | undefined {
  if (event.type === BACKOFF) return { type: 'backoff' }
  if (event.type.startsWith('xstate.')) return undefined
  const { options: _, ...rest } = event as { type: string; options?: unknown; error?: unknown; queue?: readonly QueuedMessage[] }
  if (rest.queue) rest.queue = rest.queue.map((queued) => ({ ...queued, options: {} }))
  return 'error' in rest ? { ...rest, error: toErrorData(rest.error) } : rest
}

/** The event that the machine got. */
export function fromEventData(event: TraceEvent): ChatEvent {
  if (event.type === 'backoff') return { type: BACKOFF } as never
  if ('error' in event) return { ...event, error: fromErrorData(event.error) }
  if ('message' in event) return { ...event, message: fromMessageData(event.message) }
  if ('messages' in event) {
    const queue = 'queue' in event && event.queue?.map((queued) => ({ ...queued, message: fromMessageData(queued.message as TraceMessage) }))
    return { ...event, messages: event.messages?.map(fromMessageData) ?? null, ...(queue && { queue }) } as ChatEvent
  }
  return event as ChatEvent
}

export function fromMessageData({ createdAt, ...message }: TraceMessage): UIMessage {
  return createdAt === undefined ? message : { ...message, createdAt: new Date(createdAt) }
}
