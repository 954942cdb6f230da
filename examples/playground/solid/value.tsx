import { For, Show } from 'solid-js'
import { toRows, toText } from '../shared/rows.ts'

/** Any value, also one that is still growing: an object as a list of its fields, the rest as text. */
export function Value(props: { label: string; value: unknown }) {
  const rows = () => toRows(props.value)
  return (
    <Show when={!(rows()?.length === 0 || props.value === undefined || props.value === '')}>
      <figure class="value">
        <figcaption>{props.label}</figcaption>
        <Show when={rows()} fallback={<pre>{toText(props.value)}</pre>}>
          {(shown) => (
            <dl>
              <For each={shown()}>
                {({ name, text }) => (
                  <div>
                    <dt>{name}</dt>
                    <dd>{text}</dd>
                  </div>
                )}
              </For>
            </dl>
          )}
        </Show>
      </figure>
    </Show>
  )
}
