import type { ToolCallPart } from '@statechat/solid'
import { Show } from 'solid-js'
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

export function ToolCall(props: ToolCallProps) {
  const isAsked = () => props.part.state === 'approval-requested'
  const isAtWork = () => ['input-complete', 'executing', 'approval-responded'].includes(props.part.state)
  return (
    <section class="tool" aria-label={nameInWords(props.part.name)} data-state={props.part.state} tabIndex={-1}>
      <header>
        <strong>{nameInWords(props.part.name)}</strong> <small>{callInWords(props.part)}</small>
      </header>
      <Show when={!(isAsked() && props.part.approval?.isEditable)}>
        <Value label="Input" value={props.part.input ?? props.part.arguments} />
      </Show>
      <Show when={isAtWork()}>
        <ToolProgress progress={props.part.progress} />
      </Show>
      <Show when={isAsked()}>
        <Approval part={props.part} answers={props.answers} />
      </Show>
      <Show when={props.part.state === 'complete'}>
        <Value label="Result" value={props.part.output} />
      </Show>
      <Show when={props.part.error !== undefined}>
        <p class="failed">{props.part.error}</p>
      </Show>
      <Show when={props.isAwaited && props.part.state === 'input-complete' && isAnsweredByHand(props.part.name)}>
        <AnswerForm onAnswer={(output) => props.answers.addToolResult({ toolCallId: props.part.id, output })} />
      </Show>
    </section>
  )
}
