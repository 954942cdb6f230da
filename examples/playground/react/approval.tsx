import type { ToolCallPart } from '@statechat/react'
import { type FormEvent, type KeyboardEvent, useId, useRef, useState } from 'react'
import { type Answers, cardOf, editOf, keepInView } from '../shared/answers.ts'
import { formOfValue } from '../shared/form.ts'
import { approvalInWords, errorInWords } from '../shared/words.ts'
import { FormFields } from './form-fields.tsx'

/** Asks whether a call may run, and with which input. It does not take the focus: the announcer says that it is there. */
export function Approval({ part, answers }: { part: ToolCallPart; answers: Answers }) {
  const [form] = useState(() => formOfValue(part.input))
  const [draft, setDraft] = useState(form.draft)
  const [error, setError] = useState<string>()
  const [isDenying, setDenying] = useState(false)
  const denyButton = useRef<HTMLButtonElement>(null)

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const card = cardOf(event.currentTarget)
    const reason = String(new FormData(event.currentTarget).get('reason') ?? '').trim()
    try {
      if (isDenying) answers.deny(part.id, reason || undefined)
      else await approve()
      card?.focus()
    } catch (cause) {
      setError(errorInWords(cause))
      keepInView(card)
    }
  }

  async function approve() {
    if (!part.approval?.isEditable) return answers.approve(part.id)
    const edited = form.read(draft)
    if (edited.error !== undefined) throw new Error(edited.error)
    await answers.approve(part.id, editOf(part.input, edited.value))
  }

  function cancelDenying() {
    setDenying(false)
    requestAnimationFrame(() => denyButton.current?.focus())
  }

  return (
    <form className="ask" noValidate onSubmit={(event) => void submit(event)}>
      <p>{approvalInWords(part)}</p>
      {isDenying ? (
        <Reason onCancel={cancelDenying} />
      ) : (
        <FormFields fields={part.approval?.isEditable ? form.fields : []} draft={draft} error={error} onDraft={setDraft} />
      )}
      <div className="buttons">
        {isDenying ? (
          <>
            <button type="submit" className="stop">
              Deny
            </button>
            <button type="button" className="quiet" onClick={cancelDenying}>
              Cancel
            </button>
          </>
        ) : (
          <>
            <button type="submit">Approve</button>
            <button type="button" className="quiet" ref={denyButton} onClick={() => setDenying(true)}>
              Deny
            </button>
          </>
        )}
      </div>
    </form>
  )
}

/** The person has just asked for it, so it takes the focus; Escape gives it back. */
function Reason({ onCancel }: { onCancel: () => void }) {
  const id = useId()
  const onKeyDown = (event: KeyboardEvent) => event.key === 'Escape' && onCancel()
  return (
    <div className="field" data-kind="reason">
      <label htmlFor={id}>Reason (optional)</label>
      <input id={id} name="reason" autoFocus onKeyDown={onKeyDown} />
    </div>
  )
}
