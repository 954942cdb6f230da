import type { Chunk, FinishReason, RunOutcome } from '../src/protocol/chunk.ts'

/** A text message, one delta per string. */
export const text = (messageId: string, ...deltas: string[]): Chunk[] => [
  { type: 'TEXT_MESSAGE_START', messageId },
  ...deltas.map((delta): Chunk => ({ type: 'TEXT_MESSAGE_CONTENT', messageId, delta })),
  { type: 'TEXT_MESSAGE_END', messageId },
]

/** A thought, one delta per string. */
export const reasoning = (messageId: string, ...deltas: string[]): Chunk[] => [
  { type: 'REASONING_MESSAGE_START', messageId, role: 'reasoning' },
  ...deltas.map((delta): Chunk => ({ type: 'REASONING_MESSAGE_CONTENT', messageId, delta })),
  { type: 'REASONING_MESSAGE_END', messageId },
]

/** A tool call with its input as one delta. */
export const toolCall = (toolCallId: string, toolCallName: string, input: unknown): Chunk[] => [
  { type: 'TOOL_CALL_START', toolCallId, toolCallName },
  { type: 'TOOL_CALL_ARGS', toolCallId, delta: JSON.stringify(input) },
  { type: 'TOOL_CALL_END', toolCallId },
]

/** The server's answer to a call. */
export const toolResult = (toolCallId: string, output: unknown): Chunk => ({
  type: 'TOOL_CALL_RESULT',
  messageId: `${toolCallId}-result`,
  toolCallId,
  content: typeof output === 'string' ? output : JSON.stringify(output),
})

/** A whole run around the given chunks: RUN_STARTED … RUN_FINISHED. */
export const run = (chunks: readonly Chunk[], end: { outcome?: RunOutcome; finishReason?: FinishReason } = {}): Chunk[] => [
  { type: 'RUN_STARTED', threadId: 'thread', runId: 'run' },
  ...chunks,
  {
    type: 'RUN_FINISHED',
    threadId: 'thread',
    runId: 'run',
    ...(end.outcome && { outcome: end.outcome }),
    ...(end.finishReason && { metadata: { finishReason: end.finishReason } }),
  },
]
