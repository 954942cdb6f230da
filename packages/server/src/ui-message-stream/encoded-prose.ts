import type {
  Chunk,
  ReasoningMessageContent,
  ReasoningMessageEnd,
  ReasoningMessageStart,
  TextMessageContent,
  TextMessageEnd,
  TextMessageStart,
} from '@statechat/core/wire'
import { type Encoding, providerMetadataOf } from './encoding.ts'

type ProseChunk = TextMessageStart | TextMessageContent | TextMessageEnd | ReasoningMessageStart | ReasoningMessageContent | ReasoningMessageEnd

interface Part {
  kind: 'text' | 'reasoning'
  id: string
  metadata: Record<string, unknown> | undefined
  sealed: Record<string, unknown> | undefined
  /** The provider said something at the end. */
  isNews: boolean
}

/** Texts and thoughts. */
export function createEncodedProse({ push, openStep }: Encoding) {
  const open = new Map<string, Part>()
  /** An end waits for the next chunk: what a provider seals comes after it, and belongs to it. */
  let held: Part | undefined
  /** Texts in another role than the assistant's, which this stream has no form for. */
  const others = new Set<string>()

  const keyOf = (kind: Part['kind'], id: string) => `${kind} ${id}`

  const release = () => {
    if (held === undefined) return
    const { kind, id, metadata, sealed, isNews } = held
    held = undefined
    // A later word of the provider replaces the earlier ones, so the last one says all.
    const providerMetadata = sealed !== undefined || isNews ? providerMetadataOf(metadata, sealed) : undefined
    push({ type: `${kind}-end`, id, providerMetadata, citations: metadata?.['citations'] })
  }

  const start = (kind: Part['kind'], id: string, metadata?: Record<string, unknown>) => {
    // A text that goes on is one part.
    if (held?.kind === kind && held.id === id) {
      open.set(keyOf(kind, id), { ...held, metadata: { ...held.metadata, ...metadata } })
      held = undefined
      return
    }
    release()
    openStep(kind === 'text' ? id : undefined)
    open.set(keyOf(kind, id), { kind, id, metadata, sealed: undefined, isNews: false })
    push({ type: `${kind}-start`, id, providerMetadata: providerMetadataOf(metadata) })
  }

  return {
    accept(chunk: ProseChunk): void {
      const { messageId: id, metadata } = chunk
      const kind = chunk.type.startsWith('TEXT') ? 'text' : 'reasoning'
      switch (chunk.type) {
        case 'TEXT_MESSAGE_START':
          if (chunk.role !== undefined && chunk.role !== 'assistant') return void others.add(id)
          others.delete(id)
          return start(kind, id, metadata)
        case 'REASONING_MESSAGE_START':
          return start(kind, id, metadata)
        case 'TEXT_MESSAGE_CONTENT':
        case 'REASONING_MESSAGE_CONTENT': {
          if (kind === 'text' && others.has(id)) return
          const part = open.get(keyOf(kind, id))
          if (part && metadata) part.metadata = { ...part.metadata, ...metadata }
          return push({ type: `${kind}-delta`, id, delta: chunk.delta, providerMetadata: providerMetadataOf(metadata) })
        }
        default: {
          const part = open.get(keyOf(kind, id))
          if (part === undefined) return
          open.delete(keyOf(kind, id))
          held = { ...part, metadata: { ...part.metadata, ...metadata }, isNews: part.isNews || metadata?.['providerMetadata'] !== undefined }
        }
      }
    },
    seal(id: string, value: string): void {
      const part = held?.id === id ? held : (open.get(keyOf('reasoning', id)) ?? open.get(keyOf('text', id)))
      if (part !== undefined) {
        part.sealed = part.kind === 'text' ? { encryptedValue: value } : { signature: value }
        return
      }
      // A thought without words: all there is of it is its sealed form.
      start('reasoning', id)
      const thought = open.get(keyOf('reasoning', id))!
      open.delete(keyOf('reasoning', id))
      held = { ...thought, sealed: { signature: value } }
    },
    /** What was held back goes out, unless this chunk goes on with it. */
    releaseBefore(chunk: Chunk): void {
      const isStart = chunk.type === 'TEXT_MESSAGE_START' || chunk.type === 'REASONING_MESSAGE_START'
      if (!isStart && chunk.type !== 'REASONING_ENCRYPTED_VALUE') release()
    },
  }
}
