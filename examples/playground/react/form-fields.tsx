import { useId } from 'react'
import type { Draft, Field } from '../shared/form.ts'

interface FormFieldsProps {
  fields: readonly Field[]
  draft: Draft
  error: string | undefined
  onDraft: (draft: Draft) => void
}

export function FormFields({ fields, draft, error, onDraft }: FormFieldsProps) {
  const id = useId()
  return (
    <>
      {fields.map((field) => (
        <div className="field" key={field.name} data-kind={field.kind}>
          <label htmlFor={`${id}-${field.name}`}>{field.label}</label>
          <Control
            id={`${id}-${field.name}`}
            field={field}
            typed={draft[field.name] ?? ''}
            describedBy={error && `${id}-error`}
            onTyped={(typed) => onDraft({ ...draft, [field.name]: typed })}
          />
        </div>
      ))}
      {error && (
        <p className="failed" id={`${id}-error`} role="alert">
          {error}
        </p>
      )}
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

function Control({ id, field, typed, describedBy, onTyped }: ControlProps) {
  const common = { id, 'aria-describedby': describedBy }
  const text = { ...common, value: String(typed), onChange: (event: { target: { value: string } }) => onTyped(event.target.value) }
  switch (field.kind) {
    case 'yes-no':
      return <input {...common} type="checkbox" checked={typed === true} onChange={(event) => onTyped(event.target.checked)} />
    case 'choice':
      return (
        <select {...text}>
          <option value="">Choose…</option>
          {field.options.map((option) => (
            <option key={option}>{option}</option>
          ))}
        </select>
      )
    case 'long-text':
    case 'json':
      return <textarea {...text} rows={3} spellCheck={field.kind !== 'json'} />
    case 'number':
      return <input {...text} inputMode="decimal" />
    case 'text':
      return <input {...text} />
  }
}
