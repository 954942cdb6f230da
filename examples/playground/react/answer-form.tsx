import { type FormEvent, useId, useState } from 'react'

export function AnswerForm({ onAnswer }: { onAnswer: (text: string) => void }) {
  const [text, setText] = useState('')
  const id = useId()
  function submit(event: FormEvent) {
    event.preventDefault()
    onAnswer(text)
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
