import type { Chunk, Custom, Interrupt, RunFinished } from '../protocol/chunk.ts'
import { showActivity } from './activity.ts'
import { isApproval, isCallRequest } from './asks.ts'
import { applyData, isData, isTransient } from './data.ts'
import { applyFile, isFile } from './file.ts'
import { interrupt } from './interrupt.ts'
import { applyMessageMetadata, isMessageMetadata } from './message-metadata.ts'
import type { UIMessage } from './message.ts'
import { applySource, isSource } from './source.ts'
import { completeOutput, isOutputComplete, isOutputStart, startOutput } from './structured-output.ts'
import { endSubagent, startSubagent } from './subagent.ts'
import { signMessage } from './thinking.ts'
import { appendArguments, endCall, isApprovalResponse, reportProgress, requestCall, respondCall, signCall, startCall } from './tool-call.ts'
import { applyResult } from './tool-result.ts'

/** {@link applyChunk} for all that is not prose. */
export function applyRichChunk(message: UIMessage, chunk: Chunk): UIMessage {
  switch (chunk.type) {
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
    case 'ACTIVITY_SNAPSHOT':
      return showActivity(message, chunk)
    case 'SUBAGENT_STARTED':
      return startSubagent(message, chunk)
    case 'SUBAGENT_FINISHED':
    case 'SUBAGENT_ERROR':
      return endSubagent(message, chunk)
    case 'RUN_FINISHED': {
      let asked = message
      for (const each of interruptsOf(chunk)) asked = interrupt(asked, each, chunk.runId)
      return asked
    }
    default:
      return message
  }
}

function applyCustom(message: UIMessage, chunk: Custom): UIMessage {
  if (isCallRequest(chunk)) return requestCall(message, chunk)
  if (isApprovalResponse(chunk)) return respondCall(message, chunk)
  if (isProgress(chunk)) return reportProgress(message, chunk.value.toolCallId, chunk.value.progress)
  if (isOutputStart(chunk)) return startOutput(message, chunk.value.messageId)
  if (isOutputComplete(chunk)) return completeOutput(message, chunk)
  if (isSource(chunk)) return applySource(message, chunk)
  if (isFile(chunk)) return applyFile(message, chunk)
  if (isMessageMetadata(chunk)) return applyMessageMetadata(message, chunk)
  if (isData(chunk)) return isTransient(chunk) ? message : applyData(message, chunk)
  return message
}

const interruptsOf = ({ outcome }: RunFinished): readonly Interrupt[] => (outcome?.type === 'interrupt' ? outcome.interrupts : [])

/** CUSTOM `tool-progress`: what a tool on the server reports. */
const isProgress = (chunk: Custom): chunk is Custom & { value: { toolCallId: string; progress: unknown } } =>
  chunk.name === 'tool-progress' && typeof (chunk.value as { toolCallId?: unknown } | null | undefined)?.toolCallId === 'string'

/** {@link hasContent} for all that is not prose. */
export function hasRichContent(chunk: Chunk): boolean {
  switch (chunk.type) {
    case 'REASONING_ENCRYPTED_VALUE':
    case 'TOOL_CALL_START':
    case 'TOOL_CALL_ARGS':
    case 'TOOL_CALL_RESULT':
    case 'ACTIVITY_SNAPSHOT':
    case 'SUBAGENT_STARTED':
      return true
    case 'RUN_FINISHED':
      return interruptsOf(chunk).some((each) => !isApproval(each))
    case 'CUSTOM':
      return isContent(chunk)
    default:
      return false
  }
}

const isContent = (chunk: Custom): boolean =>
  isCallRequest(chunk) ||
  isOutputStart(chunk) ||
  isOutputComplete(chunk) ||
  isSource(chunk) ||
  isFile(chunk) ||
  isMessageMetadata(chunk) ||
  (isData(chunk) && !isTransient(chunk))
