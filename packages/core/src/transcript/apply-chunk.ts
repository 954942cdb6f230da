import type { Chunk, Custom } from '../protocol/chunk.ts'
import { applyData, isData } from './data.ts'
import type { UIMessage } from './message.ts'
import { applySource, isSource } from './source.ts'
import { endText, writeText } from './text.ts'
import { endThinking, signMessage, writeThinking } from './thinking.ts'
import { appendArguments, endCall, interruptCall, requestCall, signCall, startCall } from './tool-call.ts'
import { applyResult } from './tool-result.ts'

/**
 * The reducer of one message: pure, returns the same object when nothing changed.
 * Chunks that carry no content of a message (lifecycle, state, steps, raw) leave it as it is.
 */
export function applyChunk(message: UIMessage, chunk: Chunk): UIMessage {
  switch (chunk.type) {
    case 'TEXT_MESSAGE_START':
    case 'TEXT_MESSAGE_CONTENT':
      return writeText(message, chunk)
    case 'TEXT_MESSAGE_END':
      return endText(message, chunk)
    case 'REASONING_MESSAGE_START':
    case 'REASONING_MESSAGE_CONTENT':
      return writeThinking(message, chunk)
    case 'REASONING_MESSAGE_END':
      return endThinking(message, chunk)
    case 'REASONING_ENCRYPTED_VALUE':
      return chunk.subtype === 'tool-call' ? signCall(message, chunk) : signMessage(message, chunk)
    case 'TOOL_CALL_START':
      return startCall(message, chunk)
    case 'TOOL_CALL_ARGS':
      return appendArguments(message, chunk)
    case 'TOOL_CALL_END':
      return endCall(message, chunk)
    case 'TOOL_CALL_RESULT':
      return applyResult(message, chunk)
    case 'CUSTOM':
      return applyCustom(message, chunk)
    case 'RUN_FINISHED':
      return chunk.outcome?.type === 'interrupt' ? chunk.outcome.interrupts.reduce(interruptCall, message) : message
    default:
      return message
  }
}

function applyCustom(message: UIMessage, chunk: Custom): UIMessage {
  if (isCallRequest(chunk)) return requestCall(message, chunk)
  if (isSource(chunk)) return applySource(message, chunk)
  if (isData(chunk)) return applyData(message, chunk)
  return message
}

/** CUSTOM events that ask the client to answer a call. */
export function isCallRequest(chunk: Custom): boolean {
  if (chunk.name !== 'tool-input-available' && chunk.name !== 'approval-requested') return false
  return typeof (chunk.value as { toolCallId?: unknown } | null | undefined)?.toolCallId === 'string'
}

/** Whether a chunk has something to put into a message, so that an answer without any leaves no empty bubble. */
export function hasContent(chunk: Chunk): boolean {
  switch (chunk.type) {
    case 'TEXT_MESSAGE_START':
    case 'TEXT_MESSAGE_CONTENT':
    case 'REASONING_MESSAGE_START':
    case 'REASONING_MESSAGE_CONTENT':
    case 'REASONING_ENCRYPTED_VALUE':
    case 'TOOL_CALL_START':
    case 'TOOL_CALL_ARGS':
    case 'TOOL_CALL_RESULT':
      return true
    case 'CUSTOM':
      return isCallRequest(chunk) || isSource(chunk) || isData(chunk)
    default:
      return false
  }
}
