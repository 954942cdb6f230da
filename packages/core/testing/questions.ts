import type { Interrupt, Metadata } from '../src/protocol/chunk.ts'

/** What a question may say besides its id. */
export interface Question {
  message?: string | undefined
  /** JSON Schema of the answer. */
  responseSchema?: Record<string, unknown> | undefined
  /** ISO 8601. */
  expiresAt?: string | undefined
  metadata?: Metadata | undefined
}

/**
 * The server asks whether a call may be made; its id is `approval-<toolCallId>`.
 *
 * @example
 * run(toolCall('c1', 'sendMail', { to: 'ada@example.com' }), { interrupts: [approval('c1')] })
 */
export const approval = (toolCallId: string, question: Question = {}): Interrupt => ({
  id: `approval-${toolCallId}`,
  reason: 'tool_call',
  toolCallId,
  ...question,
})

/**
 * The server asks a person something that is about no call: a part of the type `interrupt`, answered with `resolveInterrupt`.
 *
 * @example
 * run(text('m1', 'Which one?'), { interrupts: [interrupt('q1', { message: 'Red or blue?' })] })
 */
export const interrupt = (id: string, { reason = 'input_required', ...question }: Question & { reason?: string } = {}): Interrupt => ({
  id,
  reason,
  ...question,
})
