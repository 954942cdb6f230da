import type { UIMessage } from '@statechat/solid'
import { createSignal, onMount, untrack } from 'solid-js'

interface EditMessageProps {
  message: UIMessage
  onSave: (text: string) => void
  onCancel: () => void
}

export function EditMessage(props: EditMessageProps) {
  const [text, setText] = createSignal(untrack(() => props.message.parts.map((part) => (part.type === 'text' ? part.content : '')).join('\n')))
  const save = () => text().trim() !== '' && props.onSave(text())

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === 'Escape') props.onCancel()
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault()
      save()
    }
  }

  return (
    <div class="edit">
      <textarea
        aria-label="Edit your message"
        ref={(element) => onMount(() => element.focus())}
        value={text()}
        rows={2}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <button type="button" onClick={save} disabled={text().trim() === ''}>
        Send
      </button>
      <button type="button" class="quiet" onClick={() => props.onCancel()}>
        Cancel
      </button>
    </div>
  )
}
