import type { InterruptPart } from '@statechat/react'
import { type FormEvent, useState } from 'react'
import { type Answers, cardOf, keepInView } from '../shared/answers.ts'
import { formOfSchema } from '../shared/form.ts'
import { errorInWords, interruptInWords, questionInWords } from '../shared/words.ts'
import { FormFields } from './form-fields.tsx'
import { Value } from './value.tsx'

/** A question of the server that is about no call, with a form for the answer it wants. */
export function Interrupt({ part, answers }: { part: InterruptPart; answers: Answers }) {
  return (
    <section className="tool" aria-label="Question" data-state={part.state} tabIndex={-1}>
      <header>
        <strong>{questionInWords(part)}</strong> <small>{interruptInWords(part)}</small>
      </header>
      {part.state === 'resolved' && <Value label="Your answer" value={part.payload} />}
      {part.state === 'open' && <Question part={part} answers={answers} />}
    </section>
  )
}

function Question({ part, answers }: { part: InterruptPart; answers: Answers }) {
  const [form] = useState(() => formOfSchema(part.responseSchema))
  const [draft, setDraft] = useState(form.draft)
  const [error, setError] = useState<string>()

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const card = cardOf(event.currentTarget)
    try {
      const answer = form.read(draft)
      if (answer.error !== undefined) throw new Error(answer.error)
      await answers.resolveInterrupt(part.id, answer.value)
      card?.focus()
    } catch (cause) {
      setError(errorInWords(cause))
      keepInView(card)
    }
  }

  return (
    <form className="ask" noValidate onSubmit={(event) => void submit(event)}>
      <FormFields fields={form.fields} draft={draft} error={error} onDraft={setDraft} />
      <div className="buttons">
        <button type="submit">Answer</button>
        <button
          type="button"
          className="quiet"
          onClick={(event) => {
            cardOf(event.currentTarget)?.focus()
            answers.cancelInterrupt(part.id)
          }}
        >
          Dismiss
        </button>
      </div>
    </form>
  )
}
