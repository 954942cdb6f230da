import type { QueuedMessage } from '@statechat/react'

interface QueueProps {
  items: readonly QueuedMessage[]
  isPaused: boolean
  onRemove: (id: string) => void
  onResume: () => void
}

/** Messages that wait for their turn. After a stop or an error they wait for a word. */
export function Queue({ items, isPaused, onRemove, onResume }: QueueProps) {
  if (items.length === 0) return null
  return (
    <section className="queue" aria-label="Waiting messages">
      <ol>
        {items.map(({ id, message }) => (
          <li key={id}>
            <span>{message.parts.map((part) => (part.type === 'text' ? part.content : `[${part.type}]`)).join(' ')}</span>
            <button type="button" className="quiet" onClick={() => onRemove(id)} aria-label="Remove from the queue">
              ✕
            </button>
          </li>
        ))}
      </ol>
      {isPaused && (
        <button type="button" onClick={onResume}>
          Send waiting messages
        </button>
      )}
    </section>
  )
}
