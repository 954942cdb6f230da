import type { StructuredOutputPart } from '@statechat/react'
import { outputInWords } from '../shared/words.ts'
import { Value } from './value.tsx'

/** An answer in the form of a schema, as far as it has come. */
export function StructuredOutput({ part }: { part: StructuredOutputPart }) {
  return (
    <section className="tool" aria-label="Structured answer" data-state={part.status}>
      <header>
        <strong>Structured answer</strong> <small>{outputInWords(part)}</small>
      </header>
      <Value label="Answer" value={part.data ?? part.partial ?? part.raw} />
      {part.errorMessage !== undefined && <p className="failed">{part.errorMessage}</p>}
    </section>
  )
}
