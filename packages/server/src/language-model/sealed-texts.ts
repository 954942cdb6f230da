import type { AssistantPart } from './prompt-part.ts'
import { type Seal, withOptions } from './seal.ts'

/** The texts of which a message was made. One that somebody changed since is one text, of which the provider has said nothing. */
export function textsOf(content: string, { texts = [] }: Seal): AssistantPart[] {
  const isWhole = texts.reduce((sum, { length }) => sum + length, 0) === content.length
  if (!isWhole || texts.length === 0) return content === '' ? [] : [{ type: 'text', text: content }]
  let at = 0
  return texts.flatMap(({ length, providerMetadata }): AssistantPart[] => {
    const text = content.slice(at, (at += length))
    return text === '' && !providerMetadata ? [] : [{ type: 'text', text, ...withOptions(providerMetadata) }]
  })
}
