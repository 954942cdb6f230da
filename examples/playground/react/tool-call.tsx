import type { ToolAnswer, ToolCallPart } from '@statechat/react'
import { type FormEvent, useId, useState } from 'react'

export type OnResult = (answer: ToolAnswer) => void

interface ToolCallProps {
  part: ToolCallPart
  /** The machine waits for this client's answers. */
  isAwaited: boolean
  onResult: OnResult
}

export function ToolCall({ part, isAwaited, onResult }: ToolCallProps) {
  const isOpen = isAwaited && part.state === 'input-complete'
  return (
    <section className="tool" aria-label={`Tool ${part.name}`} data-state={part.state}>
      <header>
        <code>{part.name}</code> <small>{part.state}</small>
      </header>
      <pre aria-label="Input">{part.input === undefined ? part.arguments : JSON.stringify(part.input, null, 1)}</pre>
      {part.state === 'complete' && <pre aria-label="Output">{JSON.stringify(part.output, null, 1)}</pre>}
      {part.error !== undefined && <p className="failed">{part.error}</p>}
      {isOpen && <Answer toolCallId={part.id} onResult={onResult} />}
    </section>
  )
}

function Answer({ toolCallId, onResult }: { toolCallId: string; onResult: OnResult }) {
  const [text, setText] = useState('')
  const id = useId()
  function submit(event: FormEvent) {
    event.preventDefault()
    onResult({ toolCallId, output: text })
  }
  return (
    <form className="answer" onSubmit={submit}>
      <label htmlFor={id}>Your answer to the tool call</label>
      <input id={id} value={text} onChange={(event) => setText(event.target.value)} autoFocus />
      <button type="submit" disabled={text.trim() === ''}>
        Answer
      </button>
    </form>
  )
}
