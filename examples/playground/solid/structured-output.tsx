import type { StructuredOutputPart } from '@statechat/solid'
import { Show } from 'solid-js'
import { outputInWords } from '../shared/words.ts'
import { Value } from './value.tsx'

/** An answer in the form of a schema, as far as it has come. */
export function StructuredOutput(props: { part: StructuredOutputPart }) {
  return (
    <section class="tool" aria-label="Structured answer" data-state={props.part.status}>
      <header>
        <strong>Structured answer</strong> <small>{outputInWords(props.part)}</small>
      </header>
      <Value label="Answer" value={props.part.data ?? props.part.partial ?? props.part.raw} />
      <Show when={props.part.errorMessage !== undefined}>
        <p class="failed">{props.part.errorMessage}</p>
      </Show>
    </section>
  )
}
