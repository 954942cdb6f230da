import { assistant, user } from '../../src/session/test-kit.ts'
import type { ToolCallPart, UIMessage } from '../../src/transcript/message.ts'

/** A call that had its result when the conversation was stored. */
export const STORED_CALL = 'stored-call'

const call = { type: 'tool-call', name: 'look', arguments: '{}', input: {} } as const
const asks = (id: string): ToolCallPart => ({ ...call, id, state: 'approval-requested', approval: { id: `approval_${id}`, needsApproval: true } })

/** A conversation in which nothing waits. */
export const conversation: readonly UIMessage[] = [
  user('Q0'),
  assistant(
    'A0',
    { ...call, id: STORED_CALL, state: 'complete', output: 1 },
    { type: 'tool-result', toolCallId: STORED_CALL, content: '1', state: 'complete' },
    { type: 'text', content: 'A0' },
  ),
]

/** One that was left with calls and questions that wait: in the last message, and in one further up. */
export const questions: readonly UIMessage[] = [
  ...conversation,
  user('Q01'),
  assistant('A01', asks('further-up'), { type: 'interrupt', id: 'question-further-up', reason: 'confirmation', state: 'open' }),
  user('Q02'),
  assistant(
    'A02',
    asks('last'),
    { ...call, id: 'owed', name: 'ask', state: 'input-complete' },
    { type: 'interrupt', id: 'question', reason: 'x', state: 'open' },
  ),
]

/** Whether it was there before anything happened. */
export const wasStored = ({ id }: UIMessage): boolean => questions.some((message) => message.id === id)
