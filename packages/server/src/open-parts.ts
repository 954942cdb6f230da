import type { Chunk, ReasoningMessageStart, TextMessageStart } from '@statechat/core/wire'
import type { ModelChunk, ModelFinish } from './adapter.ts'
import { ModelError } from './model-error.ts'

/** What an adapter yields before it finishes. */
export type PartChunk = Exclude<ModelChunk, ModelFinish>

export interface OpenParts {
  /** The chunks to send for one of the adapter's: itself, with the STARTs and ENDs that it left out. */
  accept(chunk: PartChunk): Chunk[]
  /** The ENDs of everything that is open. `incomplete` marks tool calls whose arguments broke off. */
  closeAll(options?: { incomplete?: boolean }): Chunk[]
  /** As {@link closeAll}, but leaves tool calls open: RUN_ERROR ends them, and an END would say that the arguments are whole. */
  closeTexts(): Chunk[]
  /** Ids of the calls that have no result, in order. */
  unanswered(): string[]
}

/** Follows what one model call has opened, so that its chunks always form a valid AG-UI sequence. */
export function openParts(messageId: string): OpenParts {
  const texts = new Set<string>()
  const thoughts = new Set<string>()
  /** Reasoning spans: AG-UI wants one around the reasoning messages, models know only the messages. */
  const spans = new Set<string>()
  const openCalls = new Set<string>()
  const calls = new Set<string>()
  /** What we opened ourselves, on behalf of the adapter: closed by the next chunk of something else. */
  let lane: { of: string; close: () => Chunk[] } | undefined

  const endText = (id: string): Chunk[] => (texts.delete(id) ? [{ type: 'TEXT_MESSAGE_END', messageId: id }] : [])
  const endThought = (id: string): Chunk[] => (thoughts.delete(id) ? [{ type: 'REASONING_MESSAGE_END', messageId: id }] : [])
  const endSpan = (id: string): Chunk[] => (spans.delete(id) ? [{ type: 'REASONING_END', messageId: id }] : [])
  const endCall = (id: string, metadata?: { incomplete: true }): Chunk[] =>
    openCalls.delete(id) ? [{ type: 'TOOL_CALL_END', toolCallId: id, ...(metadata && { metadata }) }] : []

  /** Closes the lane unless the next chunk goes on with it. */
  function leaveLane(next?: string): Chunk[] {
    if (lane === undefined || lane.of === next) return []
    const { close } = lane
    lane = undefined
    return close()
  }

  function openText(id: string, start?: TextMessageStart): Chunk[] {
    const left = leaveLane(`text ${id}`)
    if (texts.has(id)) return left
    texts.add(id)
    if (start === undefined) lane = { of: `text ${id}`, close: () => endText(id) }
    return [...left, start ?? { type: 'TEXT_MESSAGE_START', messageId: id, role: 'assistant' }]
  }

  function openThought(id: string, start?: ReasoningMessageStart): Chunk[] {
    const left = leaveLane(`thought ${id}`)
    if (thoughts.has(id)) return left
    if (!spans.has(id)) {
      spans.add(id)
      left.push({ type: 'REASONING_START', messageId: id })
      lane = { of: `thought ${id}`, close: () => [...endThought(id), ...endSpan(id)] }
    } else if (start === undefined) {
      lane = { of: `thought ${id}`, close: () => endThought(id) }
    }
    thoughts.add(id)
    return [...left, start ?? { type: 'REASONING_MESSAGE_START', messageId: id, role: 'reasoning' }]
  }

  function accept(chunk: PartChunk): Chunk[] {
    switch (chunk.type) {
      case 'TEXT_MESSAGE_START':
        return openText(chunk.messageId, chunk)
      case 'TEXT_MESSAGE_CONTENT':
        return chunk.delta === '' ? [] : [...openText(chunk.messageId), chunk]
      case 'TEXT_MESSAGE_END':
        return texts.delete(chunk.messageId) ? [...leaveLane(), chunk] : []
      case 'REASONING_START': {
        const left = leaveLane()
        if (spans.has(chunk.messageId)) return left
        spans.add(chunk.messageId)
        return [...left, chunk]
      }
      case 'REASONING_MESSAGE_START':
        return openThought(chunk.messageId, chunk)
      case 'REASONING_MESSAGE_CONTENT':
        return chunk.delta === '' ? [] : [...openThought(chunk.messageId), chunk]
      case 'REASONING_MESSAGE_END':
        return thoughts.delete(chunk.messageId) ? [chunk, ...leaveLane()] : []
      case 'REASONING_END':
        return spans.delete(chunk.messageId) ? [...leaveLane(), ...endThought(chunk.messageId), chunk] : []
      case 'TOOL_CALL_START':
        if (openCalls.has(chunk.toolCallId)) return []
        openCalls.add(chunk.toolCallId)
        calls.add(chunk.toolCallId)
        return [...leaveLane(), { ...chunk, parentMessageId: chunk.parentMessageId ?? messageId }]
      case 'TOOL_CALL_ARGS':
        if (!openCalls.has(chunk.toolCallId))
          throw new ModelError('bad_response', `arguments for the tool call ${chunk.toolCallId}, which is not open`)
        return chunk.delta === '' ? [] : [chunk]
      case 'TOOL_CALL_END':
        return openCalls.delete(chunk.toolCallId) ? [chunk] : []
      case 'TOOL_CALL_RESULT':
        calls.delete(chunk.toolCallId)
        return [...leaveLane(), ...endCall(chunk.toolCallId), chunk]
      case 'REASONING_ENCRYPTED_VALUE':
      case 'CUSTOM':
      case 'RAW':
        return [chunk]
      default:
        throw new ModelError('bad_response', `${String((chunk as { type?: unknown }).type)} is not a chunk of a model call`)
    }
  }

  const closeTexts = (): Chunk[] => [...[...texts].flatMap(endText), ...[...thoughts].flatMap(endThought), ...[...spans].flatMap(endSpan)]

  return {
    accept,
    closeTexts,
    closeAll: ({ incomplete = false } = {}) => [
      ...closeTexts(),
      ...[...openCalls].flatMap((id) => endCall(id, incomplete ? { incomplete: true } : undefined)),
    ],
    unanswered: () => [...calls],
  }
}
