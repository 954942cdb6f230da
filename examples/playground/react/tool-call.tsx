import type { ToolCallPart } from '@statechat/react'
import type { Answers } from '../shared/answers.ts'
import { isAnsweredByHand } from '../shared/chat-options.ts'
import { callInWords, nameInWords } from '../shared/words.ts'
import { AnswerForm } from './answer-form.tsx'
import { Approval } from './approval.tsx'
import { ToolProgress } from './tool-progress.tsx'
import { Value } from './value.tsx'

interface ToolCallProps {
  part: ToolCallPart
  /** The machine waits for this client's answers. */
  isAwaited: boolean
  answers: Answers
}

export function ToolCall({ part, isAwaited, answers }: ToolCallProps) {
  const isAsked = part.state === 'approval-requested'
  const isAtWork = part.state === 'input-complete' || part.state === 'executing' || part.state === 'approval-responded'
  return (
    <section className="tool" aria-label={nameInWords(part.name)} data-state={part.state} tabIndex={-1}>
      <header>
        <strong>{nameInWords(part.name)}</strong> <small>{callInWords(part)}</small>
      </header>
      {!(isAsked && part.approval?.isEditable) && <Value label="Input" value={part.input ?? part.arguments} />}
      {isAtWork && <ToolProgress progress={part.progress} />}
      {isAsked && <Approval part={part} answers={answers} />}
      {part.state === 'complete' && <Value label="Result" value={part.output} />}
      {part.error !== undefined && <p className="failed">{part.error}</p>}
      {isAwaited && part.state === 'input-complete' && isAnsweredByHand(part.name) && (
        <AnswerForm onAnswer={(output) => answers.addToolResult({ toolCallId: part.id, output })} />
      )}
    </section>
  )
}
