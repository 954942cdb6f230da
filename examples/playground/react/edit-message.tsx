import type { UIMessage } from '@statechat/react'
import { type KeyboardEvent, useState } from 'react'

interface EditMessageProps {
  message: UIMessage
  onSave: (text: string) => void
  onCancel: () => void
}

export function EditMessage({ message, onSave, onCancel }: EditMessageProps) {
  const [text, setText] = useState(() => message.parts.map((part) => (part.type === 'text' ? part.content : '')).join('\n'))
  const save = () => text.trim() !== '' && onSave(text)

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === 'Escape') onCancel()
    if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault()
      save()
    }
  }

  return (
    <div className="edit">
      <textarea
        aria-label="Edit your message"
        value={text}
        rows={2}
        autoFocus
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <button type="button" onClick={save} disabled={text.trim() === ''}>
        Send
      </button>
      <button type="button" className="quiet" onClick={onCancel}>
        Cancel
      </button>
    </div>
  )
}
