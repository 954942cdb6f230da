import type { InspectionEvent } from 'xstate'
import type { Chunk } from '../protocol/chunk.ts'
import type { UIMessage } from '../transcript/message.ts'
import { bounded } from './bounded.ts'
import type { ChatContext } from './context.ts'
import { messagesSummary } from './messages-summary.ts'

/** What `tellInspector` loads: an event, small enough to be serialised whatever the conversation has grown to. */
export function summaryOf(seen: InspectionEvent): InspectionEvent {
  const copy: Record<string, unknown> = { ...seen }
  if ('event' in seen) copy['event'] = eventSummary(seen.event)
  if ('snapshot' in seen) copy['snapshot'] = snapshotSummary(seen.snapshot)
  if ('action' in seen) copy['action'] = bounded(seen.action)
  return copy as unknown as InspectionEvent
}

/** An event is seen several times: on its way, in each microstep, with its snapshot. */
const summaries = new WeakMap<object, unknown>()

function eventSummary(event: object): unknown {
  if (!summaries.has(event)) summaries.set(event, summarise(event))
  return summaries.get(event)
}

function summarise(event: object): unknown {
  if ('chunks' in event) return { ...(bounded({ ...event, chunks: null }) as object), chunks: chunksSummary(event.chunks as readonly Chunk[]) }
  if ('messages' in event) return bounded({ ...event, messages: event.messages && messagesSummary(event.messages as readonly UIMessage[]) })
  return bounded(event)
}

/** `size` is that of their JSON, in characters. */
function chunksSummary(chunks: readonly Chunk[]) {
  const types: Record<string, number> = {}
  for (const { type } of chunks) types[type] = (types[type] ?? 0) + 1
  return { count: chunks.length, types, size: sizeOf(chunks) }
}

function sizeOf(chunks: readonly Chunk[]): number | undefined {
  try {
    return JSON.stringify(chunks).length
  } catch {
    // Chunks of this process may hold anything.
    return undefined
  }
}

/** Still a snapshot, with all its methods; its context is a summary. */
function snapshotSummary(snapshot: object): unknown {
  if ('input' in snapshot) return { ...snapshot, input: bounded(snapshot.input) }
  if (!('context' in snapshot) || !('can' in snapshot)) return snapshot
  const { can, context } = snapshot as { can(event: unknown): boolean; context: ChatContext }
  const { host, ...rest } = context
  const summary = { threadId: host.threadId, transcript: messagesSummary(host.transcript.messages()) }
  return { ...snapshot, context: bounded({ host: summary, ...rest }), can: (event: unknown) => can.call(snapshot, event) }
}
