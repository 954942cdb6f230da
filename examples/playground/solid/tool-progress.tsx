import { Show } from 'solid-js'
import { toProgress } from '../shared/progress.ts'

export function ToolProgress(props: { progress: unknown }) {
  return (
    <Show when={toProgress(props.progress)}>
      {(shown) => (
        <div class="progress">
          <Show when={shown().share !== undefined} fallback={<progress aria-label="Progress" />}>
            <progress aria-label="Progress" value={shown().share!} />
          </Show>
          <small>{shown().text}</small>
        </div>
      )}
    </Show>
  )
}
