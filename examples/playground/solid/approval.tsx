import type { ToolCallPart } from '@statechat/solid'
import { createSignal, createUniqueId, onMount, Show, untrack } from 'solid-js'
import { type Answers, cardOf, editOf, keepInView } from '../shared/answers.ts'
import { formOfValue } from '../shared/form.ts'
import { approvalInWords, errorInWords } from '../shared/words.ts'
import { FormFields } from './form-fields.tsx'

/** Asks whether a call may run, and with which input. It does not take the focus: the announcer says that it is there. */
export function Approval(props: { part: ToolCallPart; answers: Answers }) {
  const form = untrack(() => formOfValue(props.part.input))
  const [draft, setDraft] = createSignal(form.draft)
  const [error, setError] = createSignal<string>()
  const [isDenying, setDenying] = createSignal(false)
  const [reason, setReason] = createSignal('')
  let denyButton: HTMLButtonElement | undefined

  async function submit(event: SubmitEvent & { currentTarget: HTMLFormElement }) {
    event.preventDefault()
    const card = cardOf(event.currentTarget)
    try {
      if (isDenying()) props.answers.deny(props.part.id, reason().trim() || undefined)
      else await approve()
      card?.focus()
    } catch (cause) {
      setError(errorInWords(cause))
      keepInView(card)
    }
  }

  async function approve() {
    const { id, input, approval } = props.part
    if (!approval?.isEditable) return props.answers.approve(id)
    const edited = form.read(draft())
    if (edited.error !== undefined) throw new Error(edited.error)
    await props.answers.approve(id, editOf(input, edited.value))
  }

  function cancelDenying() {
    setReason('')
    setDenying(false)
    denyButton?.focus()
  }

  return (
    <form class="ask" noValidate onSubmit={(event) => void submit(event)}>
      <p>{approvalInWords(props.part)}</p>
      <Show
        when={isDenying()}
        fallback={
          <>
            <FormFields fields={props.part.approval?.isEditable ? form.fields : []} draft={draft()} error={error()} onDraft={setDraft} />
            <div class="buttons">
              <button type="submit">Approve</button>
              <button type="button" class="quiet" ref={(element) => (denyButton = element)} onClick={() => setDenying(true)}>
                Deny
              </button>
            </div>
          </>
        }
      >
        <Reason reason={reason()} onReason={setReason} onCancel={cancelDenying} />
        <div class="buttons">
          <button type="submit" class="stop">
            Deny
          </button>
          <button type="button" class="quiet" onClick={cancelDenying}>
            Cancel
          </button>
        </div>
      </Show>
    </form>
  )
}

interface ReasonProps {
  reason: string
  onReason: (reason: string) => void
  onCancel: () => void
}

/** The person has just asked for it, so it takes the focus; Escape gives it back. */
function Reason(props: ReasonProps) {
  const id = createUniqueId()
  return (
    <div class="field" data-kind="reason">
      <label for={id}>Reason (optional)</label>
      <input
        id={id}
        ref={(element) => onMount(() => element.focus())}
        value={props.reason}
        onInput={(event) => props.onReason(event.currentTarget.value)}
        onKeyDown={(event) => event.key === 'Escape' && props.onCancel()}
      />
    </div>
  )
}
