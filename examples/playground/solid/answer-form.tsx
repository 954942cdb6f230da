import { createSignal, createUniqueId, onMount } from 'solid-js'

export function AnswerForm(props: { onAnswer: (text: string) => void }) {
  const [text, setText] = createSignal('')
  const id = createUniqueId()

  function submit(event: SubmitEvent) {
    event.preventDefault()
    props.onAnswer(text())
  }
  return (
    <form class="answer" onSubmit={submit}>
      <label for={id}>Your answer to the tool call</label>
      <input id={id} ref={(element) => onMount(() => element.focus())} value={text()} onInput={(event) => setText(event.currentTarget.value)} />
      <button type="submit" disabled={text().trim() === ''}>
        Answer
      </button>
    </form>
  )
}
