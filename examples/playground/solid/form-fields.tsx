import { createUniqueId, For, Match, Show, Switch } from 'solid-js'
import type { Draft, Field } from '../shared/form.ts'

interface FormFieldsProps {
  fields: readonly Field[]
  draft: Draft
  error: string | undefined
  onDraft: (draft: Draft) => void
}

export function FormFields(props: FormFieldsProps) {
  const id = createUniqueId()
  return (
    <>
      <For each={props.fields}>
        {(field) => (
          <div class="field" data-kind={field.kind}>
            <label for={`${id}-${field.name}`}>{field.label}</label>
            <Control
              id={`${id}-${field.name}`}
              field={field}
              typed={props.draft[field.name] ?? ''}
              describedBy={props.error && `${id}-error`}
              onTyped={(typed) => props.onDraft({ ...props.draft, [field.name]: typed })}
            />
          </div>
        )}
      </For>
      <Show when={props.error}>
        <p class="failed" id={`${id}-error`} role="alert">
          {props.error}
        </p>
      </Show>
    </>
  )
}

interface ControlProps {
  id: string
  field: Field
  typed: string | boolean
  describedBy: string | undefined
  onTyped: (typed: string | boolean) => void
}

function Control(props: ControlProps) {
  const put = (event: { currentTarget: { value: string } }) => props.onTyped(event.currentTarget.value)
  return (
    <Switch
      fallback={
        <input
          id={props.id}
          aria-describedby={props.describedBy}
          inputMode={props.field.kind === 'number' ? 'decimal' : undefined}
          value={String(props.typed)}
          onInput={put}
        />
      }
    >
      <Match when={props.field.kind === 'yes-no'}>
        <input
          id={props.id}
          aria-describedby={props.describedBy}
          type="checkbox"
          checked={props.typed === true}
          onChange={(event) => props.onTyped(event.currentTarget.checked)}
        />
      </Match>
      <Match when={props.field.kind === 'choice'}>
        <select id={props.id} aria-describedby={props.describedBy} value={String(props.typed)} onChange={put}>
          <option value="">Choose…</option>
          <For each={props.field.options}>{(option) => <option>{option}</option>}</For>
        </select>
      </Match>
      <Match when={props.field.kind === 'long-text' || props.field.kind === 'json'}>
        <textarea
          id={props.id}
          aria-describedby={props.describedBy}
          rows={3}
          spellcheck={props.field.kind !== 'json'}
          value={String(props.typed)}
          onInput={put}
        />
      </Match>
    </Switch>
  )
}
