import { ChatError } from '../errors.ts'
import { toFinishReason } from './finish-reason.ts'
import { brief, isObject } from '../json.ts'
import type { Chunk, RunErrorChunk } from './chunk.ts'
import { type Order } from './order.ts'
import type { DecoderOptions } from './protocol.ts'
import { toTokenUsage } from './token-usage.ts'

type Event = Record<string, unknown>

/** The first TanStack AI wire: chunk types in lower case, no START and END, no run events. */
export const CLASSIC_TYPES: ReadonlySet<string> = new Set([
  'content',
  'thinking',
  'tool_call',
  'tool-input-available',
  'approval-requested',
  'tool_result',
  'done',
  'error',
])

interface Call {
  id: string
  open: boolean
  /** Arguments that came before the name. */
  early: string
}

/**
 * Classic chunks → the vocabulary. A step is what lies between two `done`; it has one assistant message.
 * A classic server sends no RUN_STARTED: it is supplied here, without a warning.
 */
export function createClassicEvents(options: DecoderOptions, order: Order) {
  const { threadId, runId, source } = options
  /** Step in which a message id was first seen: a server that uses one id for several steps means several messages. */
  const stepOfId = new Map<string, number>()
  let step = 0
  let text: { id: string; content: string } | undefined
  let thought: { id: string; content: string } | undefined
  /** By id, and those of this step by index. */
  const calls = new Map<string, Call>()
  const byIndex = new Map<number, Call>()

  const messageIdOf = (event: Event): string => {
    const id = typeof event['id'] === 'string' && event['id'] !== '' ? event['id'] : `${runId}-message`
    const first = stepOfId.get(id) ?? step
    stepOfId.set(id, first)
    return first === step ? id : `${id}-${step}`
  }
  const startRun = (out: Chunk[]): void => {
    if ((source === 'response' || order.hasStarted()) && !order.isRunOpen()) order.accept({ type: 'RUN_STARTED', threadId, runId }, out)
  }
  const endText = (out: Chunk[]): void => {
    if (text !== undefined) order.accept({ type: 'TEXT_MESSAGE_END', messageId: text.id }, out)
    text = undefined
  }
  const endThought = (out: Chunk[]): void => {
    if (thought !== undefined) order.accept({ type: 'REASONING_MESSAGE_END', messageId: thought.id }, out)
    thought = undefined
  }
  const endCall = (call: Call | undefined, out: Chunk[]): void => {
    if (call?.open !== true) return
    call.open = false
    order.accept({ type: 'TOOL_CALL_END', toolCallId: call.id }, out)
  }

  const content = (event: Event, out: Chunk[]): void => {
    startRun(out)
    endThought(out)
    const id = messageIdOf(event)
    if (text !== undefined && text.id !== id) endText(out)
    if (text === undefined) {
      text = { id, content: '' }
      order.accept({ type: 'TEXT_MESSAGE_START', messageId: id }, out)
    }
    const delta = deltaOf(event, text)
    if (delta !== '') order.accept({ type: 'TEXT_MESSAGE_CONTENT', messageId: id, delta }, out)
  }

  const thinking = (event: Event, out: Chunk[]): void => {
    startRun(out)
    // The reasoning is a message of its own on the wire, so it cannot have the answer's id.
    const id = `${messageIdOf(event)}-thinking`
    if (thought !== undefined && thought.id !== id) endThought(out)
    if (thought === undefined) {
      thought = { id, content: '' }
      order.accept({ type: 'REASONING_MESSAGE_START', messageId: id, role: 'reasoning' }, out)
    }
    const delta = deltaOf(event, thought)
    if (delta !== '') order.accept({ type: 'REASONING_MESSAGE_CONTENT', messageId: id, delta }, out)
  }

  const toolCall = (event: Event, out: Chunk[]): void => {
    startRun(out)
    endThought(out)
    endText(out)
    const given = isObject(event['toolCall']) ? event['toolCall'] : fail(event, 'toolCall')
    const called = isObject(given['function']) ? given['function'] : fail(event, 'toolCall.function')
    const index = typeof event['index'] === 'number' ? event['index'] : -1
    const args = typeof called['arguments'] === 'string' ? called['arguments'] : ''
    const id = typeof given['id'] === 'string' && given['id'] !== '' ? given['id'] : byIndex.get(index)?.id
    if (id === undefined) fail(event, 'toolCall.id')

    let call = calls.get(id)
    if (call === undefined) {
      call = { id, open: false, early: '' }
      calls.set(id, call)
      byIndex.set(index, call)
    }
    const name = called['name']
    if (!call.open && typeof name === 'string' && name !== '') {
      call.open = true
      order.accept({ type: 'TOOL_CALL_START', toolCallId: id, toolCallName: name, parentMessageId: messageIdOf(event) }, out)
    }
    if (!call.open) {
      call.early += args
      return
    }
    const delta = call.early + args
    call.early = ''
    if (delta !== '') order.accept({ type: 'TOOL_CALL_ARGS', toolCallId: id, delta }, out)
  }

  /** Today's TanStack AI servers send the same as CUSTOM events. */
  const announcement = (event: Event, out: Chunk[]): void => {
    const toolCallId = stringOf(event, 'toolCallId')
    endCall(calls.get(toolCallId), out)
    const value: Event = { toolCallId, toolName: stringOf(event, 'toolName'), input: event['input'] }
    if (event['approval'] !== undefined) value['approval'] = event['approval']
    order.accept({ type: 'CUSTOM', name: event['type'] as string, value }, out)
  }

  const toolResult = (event: Event, out: Chunk[]): void => {
    const toolCallId = stringOf(event, 'toolCallId')
    endCall(calls.get(toolCallId), out)
    if (!order.hasStarted()) startRun(out)
    const result = event['content']
    order.accept(
      {
        type: 'TOOL_CALL_RESULT',
        messageId: `${toolCallId}-result`,
        toolCallId,
        content: typeof result === 'string' ? result : (JSON.stringify(result) ?? ''),
        ...(typeof event['error'] === 'string' ? { metadata: { error: event['error'] } } : undefined),
      },
      out,
    )
  }

  const closeStep = (out: Chunk[]): void => {
    endThought(out)
    endText(out)
    for (const call of byIndex.values()) endCall(call, out)
    byIndex.clear()
    step += 1
  }

  const done = (event: Event, out: Chunk[]): void => {
    startRun(out)
    closeStep(out)
    const finishReason = toFinishReason(event['finishReason'])
    const usage = toTokenUsage(event['usage'], event['model'])
    order.accept(
      {
        type: 'RUN_FINISHED',
        threadId,
        runId,
        ...(usage === undefined ? undefined : { usage }),
        ...(finishReason === undefined ? undefined : { metadata: { finishReason } }),
      },
      out,
    )
  }

  const failure = (event: Event, out: Chunk[]): void => {
    const error = isObject(event['error']) ? event['error'] : event
    const chunk: RunErrorChunk = {
      type: 'RUN_ERROR',
      message: typeof error['message'] === 'string' ? error['message'] : 'The server reported an error.',
    }
    if (error['code'] !== undefined && error['code'] !== null) chunk.code = String(error['code'])
    text = thought = undefined
    order.accept(chunk, out)
  }

  return {
    accept(event: Event, out: Chunk[]): void {
      switch (event['type']) {
        case 'content':
          return content(event, out)
        case 'thinking':
          return thinking(event, out)
        case 'tool_call':
          return toolCall(event, out)
        case 'tool-input-available':
        case 'approval-requested':
          return announcement(event, out)
        case 'tool_result':
          return toolResult(event, out)
        case 'done':
          return done(event, out)
        case 'error':
          return failure(event, out)
      }
    },
    /** Ends what is open, where the end of the stream completes it. */
    close: closeStep,
  }
}

/** What the chunk adds. `delta` says it; else it is what the cumulative `content` has more than before. */
function deltaOf(event: Event, so: { content: string }): string {
  const { delta, content } = event
  if (typeof delta === 'string') {
    so.content += delta
    return delta
  }
  if (typeof content !== 'string') fail(event, 'delta')
  const added = content.startsWith(so.content) ? content.slice(so.content.length) : content
  so.content = content
  return added
}

function stringOf(event: Event, name: string): string {
  const value = event[name]
  return typeof value === 'string' ? value : fail(event, name)
}

function fail(event: Event, field: string): never {
  throw new ChatError('protocol', `A ${String(event['type'])} chunk has no valid ${field}. Seen: ${brief(event)}`)
}
