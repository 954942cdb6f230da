import { isObject } from '../shape.ts'

/** A chunk of the UI message stream. */
export type UiChunk = { type: string } & Record<string, unknown>

/** State of one stream, as its parts see it. */
export interface Encoding {
  push(chunk: UiChunk): void
  /** A part of the message of this id begins: it may be the first of a step. */
  openStep(messageId: string | undefined): void
  /** A call was answered: what comes next is another step's. */
  noteAnswer(): void
}

/** `providerMetadata` of a chunk of theirs, from the metadata of ours and what was sealed. */
export function providerMetadataOf(metadata: Record<string, unknown> | undefined, sealed?: Record<string, unknown>) {
  const said = isObject(metadata?.['providerMetadata']) ? metadata['providerMetadata'] : undefined
  return sealed === undefined ? said : { ...said, statechat: sealed }
}
