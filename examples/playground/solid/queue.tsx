import type { QueuedMessage } from '@statechat/solid'
import { For, Show } from 'solid-js'

interface QueueProps {
  items: readonly QueuedMessage[]
  isPaused: boolean
  onRemove: (id: string) => void
  onResume: () => void
}

/** Messages that wait for their turn. After a stop or an error they wait for a word. */
export function Queue(props: QueueProps) {
  return (
    <Show when={props.items.length > 0}>
      <section class="queue" aria-label="Waiting messages">
        <ol>
          <For each={props.items}>
            {({ id, message }) => (
              <li>
                <span>{message.parts.map((part) => (part.type === 'text' ? part.content : `[${part.type}]`)).join(' ')}</span>
                <button type="button" class="quiet" onClick={() => props.onRemove(id)} aria-label="Remove from the queue">
                  ✕
                </button>
              </li>
            )}
          </For>
        </ol>
        <Show when={props.isPaused}>
          <button type="button" onClick={() => props.onResume()}>
            Send waiting messages
          </button>
        </Show>
      </section>
    </Show>
  )
}
