import { createSignal, onMount, Show } from 'solid-js'

interface ComposerProps {
  isLoading: boolean
  onSend: (text: string) => void
  onStop: () => void
}

/** Enter sends, Shift+Enter breaks the line, Escape stops. Sending while an answer streams puts the message in the queue. */
export function Composer(props: ComposerProps) {
  const [text, setText] = createSignal('')
  const [field, setField] = createSignal<HTMLTextAreaElement>()
  onMount(() => field()?.focus())

  function submit(event?: SubmitEvent) {
    event?.preventDefault()
    if (text().trim() === '') return
    props.onSend(text())
    setText('')
    field()?.focus()
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === 'Escape' && props.isLoading) return props.onStop()
    // Enter that ends a composition (Japanese, Chinese) belongs to the input method.
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault()
      submit()
    }
  }

  return (
    <form class="composer" onSubmit={submit}>
      <label class="visually-hidden" for="message">
        Message
      </label>
      <textarea
        id="message"
        ref={setField}
        rows={1}
        value={text()}
        placeholder={props.isLoading ? 'Write the next message…' : 'Write a message…'}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <Show when={props.isLoading}>
        <button
          type="button"
          class="stop"
          onClick={() => {
            props.onStop()
            field()?.focus()
          }}
        >
          Stop
        </button>
      </Show>
      <button type="submit" disabled={text().trim() === ''}>
        {props.isLoading ? 'Queue' : 'Send'}
      </button>
    </form>
  )
}
