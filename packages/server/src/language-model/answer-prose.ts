import type { ModelChunk } from '../adapter.ts'
import type { Citation, ProviderData, ReasoningPart, TextPart } from './model.ts'
import { seal, type Seal } from './seal.ts'

/** The wire message that the answer is writing at the moment. */
interface Segment {
  id: string
  has: 'nothing' | 'text' | 'calls'
  length: number
  texts: NonNullable<Seal['texts']>
  citations: Citation[]
}

interface OpenText {
  segment: Segment
  /** Where in the segment it begins. */
  from: number
  length: number
  providerMetadata?: ProviderData | undefined
}

interface OpenThought {
  id: string
  providerMetadata?: ProviderData | undefined
}

export interface AnswerProse {
  text(part: TextPart): Iterable<ModelChunk>
  reasoning(part: ReasoningPart): Iterable<ModelChunk>
  /** Ends the current text: what comes next stands after it. */
  leave(): Iterable<ModelChunk>
  /** Ends the current text, and returns the id of the wire message for the next tool call. */
  parentOfCall(): Generator<ModelChunk, string, undefined>
  end(): Iterable<ModelChunk>
}

/**
 * Texts and thoughts of one answer. Texts that follow each other become one: Anthropic cuts a sentence wherever a citation begins.
 * `firstId` is the id of the first text or call, `nextId` makes the others.
 */
export function answerProse(firstId: string, nextId: () => string): AnswerProse {
  const texts = new Map<string, OpenText>()
  const thoughts = new Map<string, OpenThought>()
  let segment: Segment = newSegment(firstId)

  /** The seal comes with its text, and not after what follows. */
  function* sealText(): Generator<ModelChunk, void, undefined> {
    for (const text of texts.values()) endText(text)
    texts.clear()
    const { id: messageId, length, texts: sealed } = segment
    if (!sealed.some(({ providerMetadata }) => providerMetadata)) return
    // A signature may come with no text at all.
    if (length === 0) yield { type: 'TEXT_MESSAGE_START', messageId, role: 'assistant' }
    yield { type: 'REASONING_ENCRYPTED_VALUE', subtype: 'message', entityId: messageId, encryptedValue: seal({ texts: sealed }) }
    if (length === 0) yield { type: 'TEXT_MESSAGE_END', messageId }
  }

  function* leave(): Generator<ModelChunk, void, undefined> {
    if (segment.has === 'nothing') return
    if (segment.has === 'text') yield* sealText()
    segment = newSegment(nextId())
  }

  function openText(id: string): OpenText {
    segment.has = 'text'
    const text: OpenText = { segment, from: segment.length, length: 0 }
    texts.set(id, text)
    return text
  }

  function endText({ segment: { texts: ended }, length, providerMetadata }: OpenText): void {
    ended.push({ length, ...(providerMetadata && { providerMetadata }) })
  }

  function* openThought(id: string): Generator<ModelChunk, OpenThought, undefined> {
    yield* leave()
    const thought: OpenThought = { id: nextId() }
    thoughts.set(id, thought)
    yield { type: 'REASONING_MESSAGE_START', messageId: thought.id, role: 'reasoning' }
    return thought
  }

  function* endThought({ id, providerMetadata }: OpenThought): Generator<ModelChunk, void, undefined> {
    if (providerMetadata) yield { type: 'REASONING_ENCRYPTED_VALUE', subtype: 'message', entityId: id, encryptedValue: seal({ providerMetadata }) }
    yield { type: 'REASONING_MESSAGE_END', messageId: id }
  }

  return {
    *text(part) {
      const known = part.type === 'text-start' ? undefined : texts.get(part.id)
      if (!known && (segment.has === 'calls' || texts.size > 0)) yield* leave()
      const text = known ?? openText(part.id)
      if (part.providerMetadata) text.providerMetadata = part.providerMetadata
      if (part.type === 'text-delta' && part.delta !== '') {
        text.length += part.delta.length
        text.segment.length += part.delta.length
        yield { type: 'TEXT_MESSAGE_CONTENT', messageId: text.segment.id, delta: part.delta }
      }
      if (part.type === 'text-end') {
        endText(text)
        texts.delete(part.id)
        if (!part.citations?.length) return
        const citations = [...text.segment.citations, ...part.citations.map((citation) => shifted(citation, text.from))]
        text.segment.citations = citations
        yield { type: 'TEXT_MESSAGE_END', messageId: text.segment.id, metadata: { citations } }
      }
    },
    *reasoning(part) {
      const known = part.type === 'reasoning-start' ? undefined : thoughts.get(part.id)
      const thought = known ?? (yield* openThought(part.id))
      if (part.providerMetadata) thought.providerMetadata = part.providerMetadata
      if (part.type === 'reasoning-delta' && part.delta !== '') yield { type: 'REASONING_MESSAGE_CONTENT', messageId: thought.id, delta: part.delta }
      if (part.type === 'reasoning-end') {
        thoughts.delete(part.id)
        yield* endThought(thought)
      }
    },
    leave,
    *parentOfCall() {
      if (segment.has === 'text') yield* sealText()
      segment.has = 'calls'
      return segment.id
    },
    *end() {
      for (const thought of thoughts.values()) yield* endThought(thought)
      yield* leave()
    },
  }
}

const newSegment = (id: string): Segment => ({ id, has: 'nothing', length: 0, texts: [], citations: [] })

/** Where a citation stands in the text, once its own text follows others. */
const shifted = (citation: Citation, from: number): Citation => ({
  ...citation,
  ...(citation.startIndex !== undefined && { startIndex: citation.startIndex + from }),
  ...(citation.endIndex !== undefined && { endIndex: citation.endIndex + from }),
})
