import { isObject } from '../../json.ts'
import type { Metadata } from '../chunk.ts'
import type { MessagePart, UIMessage } from '../../transcript/message.ts'
import { type AiSdkMessage, type AiSdkPart, isDataPart, isToolPart } from './ai-sdk-message.ts'
import { isForeignType, keepForeign } from './foreign-part.ts'
import { fromFilePart } from './media.ts'
import { defined, fromProviderMetadata } from './provider-metadata.ts'
import { KEPT } from './to-ai-sdk-messages.ts'
import { fromToolPart } from './tool-part.ts'

/**
 * The AI SDK's messages in our form: `initialMessages` of a chat that was stored with it, or what one of its clients sent.
 * {@link toAiSdkMessages} gives the same messages again, but for a `step-start` that no part of its step, or nothing but data, follows.
 *
 * @see https://ai-sdk.dev/docs/reference/ai-sdk-core/ui-message
 * @example
 * const chat = createChat({ connection, initialMessages: fromAiSdkMessages(stored) })
 */
export function fromAiSdkMessages(messages: readonly AiSdkMessage[]): UIMessage[] {
  return messages.map(({ id, role, metadata, parts }) => {
    let steps = 0
    // A thought says itself that it came before the first step: else it would be taken for part of what follows.
    let step: string | undefined = parts.some(({ type }) => type === 'step-start') ? '' : undefined
    return {
      id,
      role,
      ...(isObject(metadata) && { metadata }),
      parts: parts.flatMap((part): MessagePart[] => {
        if (part.type !== 'step-start') return fromPart(part, step)
        steps += 1
        step = steps === 1 ? id : `${id}-${steps}`
        return []
      }),
    }
  })
}

function fromPart(part: AiSdkPart, step: string | undefined): MessagePart[] {
  if (isToolPart(part)) return fromToolPart(part, step || undefined)
  if (isDataPart(part)) {
    const { id, data } = part
    if (part.type === KEPT && isObject(data) && typeof data['type'] === 'string') return [data as unknown as MessagePart]
    return [{ type: 'data', name: part.type.slice('data-'.length), ...(id !== undefined && { id }), data: data ?? null }]
  }
  if (isForeignType(part.type)) return [{ type: 'data', ...keepForeign(part as Extract<AiSdkPart, { type: 'custom' }>, step || undefined) }]
  switch (part.type) {
    case 'text': {
      const { metadata, sealed } = fromProviderMetadata(part.providerMetadata, { citations: part.citations })
      return [{ ...prose('text', part, metadata), ...(step && { messageId: step }), ...sealed }]
    }
    case 'reasoning': {
      const { metadata, sealed } = fromProviderMetadata(part.providerMetadata, { reasoningId: part.id, step })
      return [{ ...prose('thinking', part, metadata), ...sealed }]
    }
    case 'file':
    case 'reasoning-file':
      return [fromFilePart(part, { step: step || undefined })]
    case 'source-url': {
      const { metadata } = fromProviderMetadata(part.providerMetadata, { step: step || undefined })
      return [defined({ type: 'source', id: part.sourceId, url: part.url, title: part.title, metadata })]
    }
    case 'source-document': {
      const { metadata } = fromProviderMetadata(part.providerMetadata, { filename: part.filename, step: step || undefined })
      return [defined({ type: 'source', id: part.sourceId, title: part.title, mimeType: part.mediaType, metadata })]
    }
    default:
      return []
  }
}

function prose<T extends 'text' | 'thinking'>(
  type: T,
  part: { text: string; state?: 'streaming' | 'done' | undefined },
  metadata: Metadata | undefined,
) {
  return { type, content: part.text, ...(part.state !== undefined && { state: part.state }), ...(metadata && { metadata }) }
}
