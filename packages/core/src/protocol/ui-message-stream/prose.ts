import type { WarningSink } from '../../errors.ts'
import type { Chunk, Metadata } from '../chunk.ts'
import type { Order } from '../order.ts'
import type { UiChunk } from './known-chunks.ts'
import { defined } from './provider-metadata.ts'
import type { Steps } from './steps.ts'

/** Texts and thoughts. Their ids are unique among what is open only, so each START gets an id of ours. */
export function createProse(steps: Steps, order: Order, onWarning: WarningSink) {
  /** By their id: Maps, since ids come from the wire. */
  const texts = new Map<string, string>()
  const thoughts = new Map<string, string>()

  const start = (id: string, isText: boolean, metadata: Metadata | undefined, out: Chunk[]): string => {
    const open = isText ? texts : thoughts
    end(id, isText, undefined, out)
    const { messageId, step } = isText ? steps.textId() : steps.thoughtId()
    open.set(id, messageId)
    const all = defined({ ...metadata, step, ...(isText ? undefined : { reasoningId: id }) })
    const told = Object.keys(all).length > 0 ? { metadata: all } : undefined
    if (isText) order.accept({ type: 'TEXT_MESSAGE_START', messageId, role: 'assistant', ...told }, out)
    else order.accept({ type: 'REASONING_MESSAGE_START', messageId, role: 'reasoning', ...told }, out)
    return messageId
  }

  const delta = (chunk: UiChunk, isText: boolean, out: Chunk[]): void => {
    const id = chunk['id'] as string
    const metadata = said(chunk)
    let messageId = (isText ? texts : thoughts).get(id)
    if (messageId === undefined) {
      onWarning({ code: 'orphan', message: `${chunk.type} came for an id that is not open; it was opened.`, seen: chunk })
      messageId = start(id, isText, undefined, out)
    }
    const text = chunk['delta'] as string
    if (text === '' && metadata === undefined) return
    const type = isText ? 'TEXT_MESSAGE_CONTENT' : 'REASONING_MESSAGE_CONTENT'
    order.accept(metadata === undefined ? { type, messageId, delta: text } : { type, messageId, delta: text, metadata }, out)
  }

  const end = (id: string, isText: boolean, metadata: Metadata | undefined, out: Chunk[]): boolean => {
    const open = isText ? texts : thoughts
    const messageId = open.get(id)
    if (messageId === undefined) return false
    open.delete(id)
    order.accept({ type: isText ? 'TEXT_MESSAGE_END' : 'REASONING_MESSAGE_END', messageId, ...(metadata && { metadata }) }, out)
    return true
  }

  return {
    accept(chunk: UiChunk, out: Chunk[]): void {
      const isText = chunk.type.startsWith('text')
      const id = chunk['id'] as string
      switch (chunk.type) {
        case 'text-start':
        case 'reasoning-start':
          start(id, isText, said(chunk), out)
          return
        case 'text-delta':
        case 'reasoning-delta':
          return delta(chunk, isText, out)
        default:
          if (end(id, isText, said(chunk), out)) return
          onWarning({ code: 'out_of_order', message: `${chunk.type} came for an id that is not open; it was ignored.`, seen: chunk })
      }
    },
    closeAll(out: Chunk[]): void {
      for (const id of texts.keys()) end(id, true, undefined, out)
      for (const id of thoughts.keys()) end(id, false, undefined, out)
    },
  }
}

function said({ providerMetadata, citations }: UiChunk): Metadata | undefined {
  if (providerMetadata == null && citations == null) return undefined
  return { ...(providerMetadata != null && { providerMetadata }), ...(citations != null && { citations }) }
}
