import { toRows, toText } from '../shared/rows.ts'

/** Any value, also one that is still growing: an object as a list of its fields, the rest as text. */
export function Value({ label, value }: { label: string; value: unknown }) {
  const rows = toRows(value)
  if (rows?.length === 0 || value === undefined || value === '') return null
  return (
    <figure className="value">
      <figcaption>{label}</figcaption>
      {rows ? (
        <dl>
          {rows.map(({ name, text }) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{text}</dd>
            </div>
          ))}
        </dl>
      ) : (
        <pre>{toText(value)}</pre>
      )}
    </figure>
  )
}
