import type { ModelChunk, ModelRequest } from '../adapter.ts'
import { ModelError } from '../model-error.ts'
import { answerCalls } from './answer-calls.ts'
import { answerProse } from './answer-prose.ts'
import { finishOf } from './finish-of.ts'
import { generatedFile } from './generated-file.ts'
import type { LanguageModel, SourcePart, StreamPart } from './model.ts'
import { seal } from './seal.ts'
import { wireIds } from './wire-ids.ts'

interface StreamContext extends Pick<ModelRequest, 'messageId' | 'messages' | 'generateId'> {
  model: Pick<LanguageModel, 'provider' | 'modelId'>
  onWarning?: ((warning: unknown) => void) | undefined
}

/** The stream of one answer → chunks. Without a `finish` part there is no `finish`: such an answer was cut off. */
export async function* readStream(
  stream: ReadableStream<{ type: string }>,
  { model, messageId, messages, generateId, onWarning }: StreamContext,
): AsyncGenerator<ModelChunk, void, undefined> {
  const nextId = wireIds(messageId)
  const prose = answerProse(messageId, nextId)
  const calls = answerCalls({ messages, generateId, parentOfCall: prose.parentOfCall })
  let { modelId } = model
  let failure: { error: unknown } | undefined

  try {
    for await (const part of partsOf(stream)) {
      switch (part.type) {
        case 'text-start':
        case 'text-delta':
        case 'text-end':
          yield* prose.text(part)
          break
        case 'reasoning-start':
        case 'reasoning-delta':
        case 'reasoning-end':
          yield* prose.reasoning(part)
          break
        case 'tool-input-start':
        case 'tool-input-delta':
        case 'tool-input-end':
        case 'tool-call':
        case 'tool-approval-request':
          yield* calls.accept(part)
          break
        case 'tool-result':
          yield* calls.accept(part)
          // A wire message's calls come before all of their results.
          yield* prose.leave()
          break
        case 'file':
        case 'reasoning-file':
          yield* prose.leave()
          yield { type: 'CUSTOM', name: 'file', value: generatedFile(part, nextId()) }
          break
        case 'source':
          yield { type: 'CUSTOM', name: 'source', value: sourceOf(part, messageId) }
          break
        case 'custom': {
          yield* prose.leave()
          const { kind, providerMetadata } = part
          const id = nextId()
          yield { type: 'CUSTOM', name: kind, value: providerMetadata ?? null }
          yield { type: 'REASONING_MESSAGE_START', messageId: id, role: 'reasoning' }
          yield { type: 'REASONING_ENCRYPTED_VALUE', subtype: 'message', entityId: id, encryptedValue: seal({ kind, providerMetadata }) }
          yield { type: 'REASONING_MESSAGE_END', messageId: id }
          break
        }
        case 'stream-start':
          for (const warning of part.warnings ?? []) onWarning?.(warning)
          break
        case 'response-metadata':
          modelId = part.modelId ?? modelId
          break
        case 'raw':
          yield { type: 'RAW', event: part.rawValue, source: model.provider }
          break
        case 'error':
          // Not always the end: an event that a provider could not read is one too.
          failure ??= { error: part.error }
          break
        case 'finish': {
          yield* prose.end()
          if (failure && !isProper(part.finishReason)) throw failure.error
          if (failure) onWarning?.(failure.error)
          yield finishOf(part, { provider: providerOf(model), model: modelId, called: calls.any() })
          return
        }
      }
    }
  } catch (error) {
    // What the provider said tells more than how the connection broke.
    throw failure ? failure.error : error
  }
  throw failure ? failure.error : new ModelError('truncated', `${model.provider}: the answer ended without a finish`)
}

/** Reads without `for await`, which not every runtime has for streams. Whoever stops reading closes the connection. */
async function* partsOf(stream: ReadableStream<{ type: string }>): AsyncGenerator<StreamPart, void, undefined> {
  const reader = stream.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield value as StreamPart
    }
  } finally {
    reader.cancel().catch(() => {})
  }
}

const PROPER: readonly string[] = ['stop', 'length', 'tool-calls', 'content-filter']

const isProper = (reason: string | { unified: string }): boolean => PROPER.includes(typeof reason === 'string' ? reason : reason.unified)

/** `anthropic.messages` → `anthropic`, as in `providerOptions`. */
const providerOf = ({ provider }: { provider: string }): string => provider.split('.')[0]!

/** Ids of sources are unique within an answer only. */
function sourceOf(part: SourcePart, messageId: string): object {
  const { providerMetadata, title } = part
  const filename = part.sourceType === 'document' ? part.filename : undefined
  const metadata = { ...(filename !== undefined && { filename }), ...(providerMetadata && { providerMetadata }) }
  return {
    id: `${messageId}/${part.id}`,
    ...(part.sourceType === 'url' ? { url: part.url } : { mimeType: part.mediaType }),
    ...(title !== undefined && { title }),
    ...(Object.keys(metadata).length > 0 && { metadata }),
  }
}
