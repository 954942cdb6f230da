import type { MessagePart, ToolResultPart, UIMessage } from '../../transcript/message.ts'
import type { AiSdkMessage, AiSdkPart } from './ai-sdk-message.ts'
import { keptForeign } from './foreign-part.ts'
import { toFilePart } from './media.ts'
import { defined, toProviderMetadata } from './provider-metadata.ts'
import { toToolPart } from './tool-part.ts'

/** A data part under this name keeps a part of ours that the AI SDK has no form for. */
export const KEPT = 'data-statechat-part'

/**
 * Our messages in the AI SDK's form, for its servers, its database rows, its components.
 * A call and its result become one part; each model call begins with a `step-start`; what a provider sealed, and metadata
 * without a place of its own, goes into the `statechat` entry of `providerMetadata`, which {@link fromAiSdkMessages} reads.
 * Left out: `createdAt`, `name`, `parentId`, and the ids of wire messages.
 *
 * @see https://ai-sdk.dev/docs/reference/ai-sdk-core/ui-message
 * @example
 * toAiSdkMessages([{ id: '1', role: 'user', parts: [{ type: 'text', content: 'Hello' }] }])
 * // [{ id: '1', role: 'user', parts: [{ type: 'text', text: 'Hello' }] }]
 */
export function toAiSdkMessages(messages: readonly UIMessage[]): AiSdkMessage[] {
  return messages.map(({ id, role, metadata, parts }) => ({
    id,
    role,
    ...(metadata !== undefined && { metadata }),
    parts: role === 'assistant' ? withSteps(parts) : parts.flatMap((part, at) => toPart(part, parts, at)),
  }))
}

/** A new step begins where the wire message is another one. What says nothing of it belongs to the step it is in. */
function withSteps(parts: readonly MessagePart[]): AiSdkPart[] {
  const out: AiSdkPart[] = []
  let current: string | undefined
  for (const [at, part] of parts.entries()) {
    const step = stepOf(part, parts, at) ?? current
    if (step !== current) out.push({ type: 'step-start' })
    current = step
    out.push(...toPart(part, parts, at))
  }
  return out
}

function stepOf(part: MessagePart, parts: readonly MessagePart[], at: number): string | undefined {
  if (part.type === 'data') return keptForeign(part)?.step
  // The answer may come long after its call; the call has its place.
  if (part.type === 'tool-result' || !('metadata' in part || 'messageId' in part || part.type === 'thinking')) return undefined
  const step = 'metadata' in part ? part.metadata?.['step'] : undefined
  // Empty: said before the first step began.
  if (typeof step === 'string') return step || undefined
  switch (part.type) {
    case 'text':
    case 'tool-call':
      return part.messageId
    case 'thinking': {
      // A thought is a wire message of its own: it is part of the step that follows it.
      const next = parts.slice(at + 1).find(({ type }) => type === 'text' || type === 'tool-call')
      return next && stepOf(next, parts, at)
    }
    default:
      return undefined
  }
}

function toPart(part: MessagePart, parts: readonly MessagePart[], at: number): AiSdkPart[] {
  switch (part.type) {
    case 'text': {
      const { content: text, state, metadata, encryptedValue } = part
      return [
        defined({
          type: 'text',
          text,
          state,
          citations: metadata?.['citations'],
          providerMetadata: toProviderMetadata(metadata, { placed: ['citations'], encryptedValue }),
        }),
      ]
    }
    case 'thinking': {
      const { content: text, state, metadata, signature } = part
      const id = metadata?.['reasoningId'] as string | undefined
      return [defined({ type: 'reasoning', id, text, state, providerMetadata: toProviderMetadata(metadata, { placed: ['reasoningId'], signature }) })]
    }
    case 'tool-call':
      return [toToolPart(part, answerTo(part.id, parts, at))]
    case 'tool-result':
      return []
    case 'image':
    case 'audio':
    case 'video':
    case 'document':
      return [toFilePart(part)]
    case 'source': {
      const { id: sourceId, url, title, mimeType, metadata } = part
      const providerMetadata = toProviderMetadata(metadata, { placed: ['filename'] })
      if (url !== undefined) return [defined({ type: 'source-url', sourceId, url, title, providerMetadata })]
      const filename = metadata?.['filename'] as string | undefined
      const mediaType = mimeType ?? 'application/octet-stream'
      return [defined({ type: 'source-document', sourceId, mediaType, title: title ?? sourceId, filename, providerMetadata })]
    }
    case 'data': {
      const { id, data } = part
      return [keptForeign(part)?.part ?? { type: `data-${part.name}`, ...(id !== undefined && { id }), data }]
    }
    default:
      return [{ type: KEPT, data: part }]
  }
}

/** The answer comes after its call, and before another call with the same id. */
function answerTo(callId: string, parts: readonly MessagePart[], at: number): ToolResultPart | undefined {
  for (const part of parts.slice(at + 1)) {
    if (part.type === 'tool-call' && part.id === callId) return undefined
    if (part.type === 'tool-result' && part.toolCallId === callId) return part
  }
  return undefined
}
