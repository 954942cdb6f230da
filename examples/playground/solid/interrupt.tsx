import type { InterruptPart } from '@statechat/solid'
import { createSignal, Show, untrack } from 'solid-js'
import { type Answers, cardOf, keepInView } from '../shared/answers.ts'
import { formOfSchema } from '../shared/form.ts'
import { errorInWords, interruptInWords, questionInWords } from '../shared/words.ts'
import { FormFields } from './form-fields.tsx'
import { Value } from './value.tsx'

/** A question of the server that is about no call, with a form for the answer it wants. */
export function Interrupt(props: { part: InterruptPart; answers: Answers }) {
  return (
    <section class="tool" aria-label="Question" data-state={props.part.state} tabIndex={-1}>
      <header>
        <strong>{questionInWords(props.part)}</strong> <small>{interruptInWords(props.part)}</small>
      </header>
      <Show when={props.part.state === 'resolved'}>
        <Value label="Your answer" value={props.part.payload} />
      </Show>
      <Show when={props.part.state === 'open'}>
        <Question part={props.part} answers={props.answers} />
      </Show>
    </section>
  )
}

function Question(props: { part: InterruptPart; answers: Answers }) {
  const form = untrack(() => formOfSchema(props.part.responseSchema))
  const [draft, setDraft] = createSignal(form.draft)
  const [error, setError] = createSignal<string>()

  async function submit(event: SubmitEvent & { currentTarget: HTMLFormElement }) {
    event.preventDefault()
    const card = cardOf(event.currentTarget)
    try {
      const answer = form.read(draft())
      if (answer.error !== undefined) throw new Error(answer.error)
      await props.answers.resolveInterrupt(props.part.id, answer.value)
      card?.focus()
    } catch (cause) {
      setError(errorInWords(cause))
      keepInView(card)
    }
  }

  return (
    <form class="ask" noValidate onSubmit={(event) => void submit(event)}>
      <FormFields fields={form.fields} draft={draft()} error={error()} onDraft={setDraft} />
      <div class="buttons">
        <button type="submit">Answer</button>
        <button
          type="button"
          class="quiet"
          onClick={(event) => {
            cardOf(event.currentTarget)?.focus()
            props.answers.cancelInterrupt(props.part.id)
          }}
        >
          Dismiss
        </button>
      </div>
    </form>
  )
}
