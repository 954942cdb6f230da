import type { ContentPart, ToolCallResult } from '../protocol/chunk.ts'
import type { MessagePart, ToolResultPart, UIMessage } from './message.ts'
import { appendPart, callIndex, lastPart, mergeMetadata, replacePart } from './parts.ts'
import { settleCall } from './tool-call.ts'

/** The result as it travelled becomes a part; its value becomes the output of the call. */
export function applyResult(message: UIMessage, chunk: ToolCallResult): UIMessage {
  const error = chunk.metadata?.error
  const part: ToolResultPart = {
    type: 'tool-result',
    toolCallId: chunk.toolCallId,
    content: chunk.content,
    messageId: chunk.messageId,
    ...(typeof error === 'string' ? { state: 'error', error } : { state: 'complete' }),
    ...mergeMetadata(undefined, chunk.metadata),
  }
  return answerCall(message, part)
}

/** Records an answer in the message that holds the call; a later answer replaces an earlier one. `output` is the value, if it is known. */
export function answerCall(message: UIMessage, part: ToolResultPart, output: unknown = outputOf(part.content)): UIMessage {
  const answer = part.state === 'error' ? { error: part.error ?? textOf(part.content), denied: part.metadata?.['denied'] === true } : { output }
  const settled = settleCall(message, part.toolCallId, answer)
  const isSame = (each: MessagePart): each is ToolResultPart => each.type === 'tool-result' && each.toolCallId === part.toolCallId
  // One before the call belongs to an earlier call with the same id.
  const index = lastPart(settled, isSame, callIndex(settled, part.toolCallId) + 1)
  return index < 0 ? appendPart(settled, part) : replacePart(settled, index, part)
}

/** JSON text is parsed, other text and content parts stay as they are. */
function outputOf(content: string | ContentPart[]): unknown {
  if (typeof content !== 'string') return content
  try {
    return JSON.parse(content)
  } catch {
    return content
  }
}

const textOf = (content: string | ContentPart[]): string => (typeof content === 'string' ? content : JSON.stringify(content))
