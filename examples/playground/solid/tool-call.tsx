import type { ToolAnswer, ToolCallPart } from '@statechat/solid'
import { createSignal, createUniqueId, onMount, Show } from 'solid-js'

export type OnResult = (answer: ToolAnswer) => void

interface ToolCallProps {
  part: ToolCallPart
  /** The machine waits for this client's answers. */
  isAwaited: boolean
  onResult: OnResult
}

export function ToolCall(props: ToolCallProps) {
  const isOpen = () => props.isAwaited && props.part.state === 'input-complete'
  return (
    <section class="tool" aria-label={`Tool ${props.part.name}`} data-state={props.part.state}>
      <header>
        <code>{props.part.name}</code> <small>{props.part.state}</small>
      </header>
      <pre aria-label="Input">{props.part.input === undefined ? props.part.arguments : JSON.stringify(props.part.input, null, 1)}</pre>
      <Show when={props.part.state === 'complete'}>
        <pre aria-label="Output">{JSON.stringify(props.part.output, null, 1)}</pre>
      </Show>
      <Show when={props.part.error !== undefined}>
        <p class="failed">{props.part.error}</p>
      </Show>
      <Show when={isOpen()}>
        <Answer toolCallId={props.part.id} onResult={props.onResult} />
      </Show>
    </section>
  )
}

function Answer(props: { toolCallId: string; onResult: OnResult }) {
  const [text, setText] = createSignal('')
  const id = createUniqueId()

  function submit(event: SubmitEvent) {
    event.preventDefault()
    props.onResult({ toolCallId: props.toolCallId, output: text() })
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
