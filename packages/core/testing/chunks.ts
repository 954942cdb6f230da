import type { Chunk, FinishReason, Interrupt, RunOutcome, TokenUsage } from '../src/protocol/chunk.ts'
import { jsonPieces } from './json-pieces.ts'
import type { Script, ScriptStep } from './script.ts'

/**
 * A text message, one delta per string; steps of a script may stand between them.
 *
 * @example
 * text('m1', 'Hel', 'lo')
 * text('m1', 'Hel', pause(500), 'lo')
 */
export function text(messageId: string, ...deltas: string[]): Chunk[]
export function text(messageId: string, ...deltas: (string | ScriptStep)[]): ScriptStep[]
export function text(messageId: string, ...deltas: (string | ScriptStep)[]): ScriptStep[] {
  return [
    { type: 'TEXT_MESSAGE_START', messageId },
    ...deltas.map((delta): ScriptStep => (typeof delta === 'string' ? { type: 'TEXT_MESSAGE_CONTENT', messageId, delta } : delta)),
    { type: 'TEXT_MESSAGE_END', messageId },
  ]
}

/** A thought, one delta per string; steps of a script may stand between them. */
export function reasoning(messageId: string, ...deltas: string[]): Chunk[]
export function reasoning(messageId: string, ...deltas: (string | ScriptStep)[]): ScriptStep[]
export function reasoning(messageId: string, ...deltas: (string | ScriptStep)[]): ScriptStep[] {
  return [
    { type: 'REASONING_MESSAGE_START', messageId, role: 'reasoning' },
    ...deltas.map((delta): ScriptStep => (typeof delta === 'string' ? { type: 'REASONING_MESSAGE_CONTENT', messageId, delta } : delta)),
    { type: 'REASONING_MESSAGE_END', messageId },
  ]
}

/** A tool call with its input: as one delta, or in pieces of `deltaSize` characters of its JSON. */
export const toolCall = (
  toolCallId: string,
  toolCallName: string,
  input: unknown,
  { deltaSize = Infinity }: { deltaSize?: number } = {},
): Chunk[] => [
  { type: 'TOOL_CALL_START', toolCallId, toolCallName },
  ...jsonPieces(input, deltaSize).map((delta): Chunk => ({ type: 'TOOL_CALL_ARGS', toolCallId, delta })),
  { type: 'TOOL_CALL_END', toolCallId },
]

/** The server's answer to a call. */
export const toolResult = (toolCallId: string, output: unknown): Chunk => ({
  type: 'TOOL_CALL_RESULT',
  messageId: `${toolCallId}-result`,
  toolCallId,
  content: typeof output === 'string' ? output : JSON.stringify(output),
})

/** The server's answer to a call that failed. */
export const toolError = (toolCallId: string, reason: string): Chunk => ({
  type: 'TOOL_CALL_RESULT',
  messageId: `${toolCallId}-result`,
  toolCallId,
  content: reason,
  metadata: { error: reason },
})

/** How a {@link run} ends; by default as a success that says nothing more. */
export interface RunEnd {
  outcome?: RunOutcome | undefined
  /** Questions that a person has to answer, see `approval` and `interrupt`: short for `outcome`. */
  interrupts?: Interrupt[] | undefined
  finishReason?: FinishReason | undefined
  usage?: TokenUsage[] | undefined
}

/** What a server may say of a run that failed. */
export interface RunFailure {
  code?: string | undefined
  /** Milliseconds. */
  retryAfter?: number | undefined
}

const ids = { threadId: 'thread', runId: 'run' }
const STARTED: Chunk = { type: 'RUN_STARTED', ...ids }

/**
 * A whole run around the given steps: RUN_STARTED … RUN_FINISHED.
 *
 * @example
 * run([...toolCall('c1', 'weather', { city: 'Paris' }), toolResult('c1', { celsius: 21 }), ...text('m1', '21 °C')])
 */
export function run(steps: readonly Chunk[], end?: RunEnd): Chunk[]
export function run(steps: Script, end?: RunEnd): ScriptStep[]
export function run(steps: Script, end: RunEnd = {}): ScriptStep[] {
  const outcome: RunOutcome | undefined = end.interrupts ? { type: 'interrupt', interrupts: end.interrupts } : end.outcome
  const finished: Chunk = {
    type: 'RUN_FINISHED',
    ...ids,
    ...(outcome && { outcome }),
    ...(end.usage && { usage: end.usage }),
    ...(end.finishReason && { metadata: { finishReason: end.finishReason } }),
  }
  return [STARTED, ...steps, finished]
}

/**
 * A run that the server reports as failed: RUN_STARTED … RUN_ERROR. The chat fails with `server`, and `code` is its `serverCode`.
 *
 * @example
 * failedRun(text('m1', 'Let me'), 'The model is overloaded', { code: 'overloaded', retryAfter: 2_000 })
 */
export function failedRun(steps: readonly Chunk[], message: string, details?: RunFailure): Chunk[]
export function failedRun(steps: Script, message: string, details?: RunFailure): ScriptStep[]
export function failedRun(steps: Script, message: string, { code, retryAfter }: RunFailure = {}): ScriptStep[] {
  const failed: Chunk = {
    type: 'RUN_ERROR',
    message,
    ...(code !== undefined && { code }),
    ...(retryAfter !== undefined && { metadata: { retryAfter } }),
  }
  return [STARTED, ...steps, failed]
}
