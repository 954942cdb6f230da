import { type FormEvent, type KeyboardEvent, useRef, useState } from 'react'

interface ComposerProps {
  isLoading: boolean
  onSend: (text: string) => void
  onStop: () => void
}

/** Enter sends, Shift+Enter breaks the line, Escape stops. Sending while an answer streams puts the message in the queue. */
export function Composer({ isLoading, onSend, onStop }: ComposerProps) {
  const [text, setText] = useState('')
  const field = useRef<HTMLTextAreaElement>(null)

  function submit(event?: FormEvent) {
    event?.preventDefault()
    if (text.trim() === '') return
    onSend(text)
    setText('')
    field.current?.focus()
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === 'Escape' && isLoading) return onStop()
    // Enter that ends a composition (Japanese, Chinese) belongs to the input method.
    if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault()
      submit()
    }
  }

  return (
    <form className="composer" onSubmit={submit}>
      <label className="visually-hidden" htmlFor="message">
        Message
      </label>
      <textarea
        id="message"
        ref={field}
        rows={1}
        value={text}
        placeholder={isLoading ? 'Write the next message…' : 'Write a message…'}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
        autoFocus
      />
      {isLoading && (
        <button
          type="button"
          className="stop"
          onClick={() => {
            onStop()
            field.current?.focus()
          }}
        >
          Stop
        </button>
      )}
      <button type="submit" disabled={text.trim() === ''}>
        {isLoading ? 'Queue' : 'Send'}
      </button>
    </form>
  )
}
