import { fetchServerSentEvents, type UIMessage } from '@statechat/core'
import { createUIMessageStreamResponse, readUIMessageStream, type UIMessage as AiMessage, type UIMessageChunk } from 'ai'
import { convertArrayToReadableStream } from 'ai/test'
import { serveWeb } from '../support/serve.ts'
import { toAiSdkMessages, uiMessageStream } from './from-source.ts'

/** A whole answer of one step. */
export const answer = (...chunks: UIMessageChunk[]): UIMessageChunk[] => [
  { type: 'start', messageId: 'a1' },
  { type: 'start-step' },
  ...chunks,
  { type: 'finish-step' },
  { type: 'finish', finishReason: 'stop' },
]

/** A server of the AI SDK that answers each request with the next of these streams, and notes what it was asked. */
export async function aiServer(...answers: (UIMessageChunk[] | ReadableStream<UIMessageChunk>)[]) {
  const bodies: Record<string, unknown>[] = []
  const url = await serveWeb(async (request) => {
    const next = answers[bodies.length] ?? []
    bodies.push((await request.json()) as Record<string, unknown>)
    return createUIMessageStreamResponse({ stream: Array.isArray(next) ? convertArrayToReadableStream(next) : next })
  })
  return { url, bodies, connection: fetchServerSentEvents(url, { protocol: uiMessageStream() }) }
}

/** What the AI SDK's own reader makes of a stream: the message after each chunk that changed it. */
export async function theirReading(chunks: readonly UIMessageChunk[], message?: AiMessage): Promise<AiMessage[]> {
  const read: AiMessage[] = []
  const stream = convertArrayToReadableStream([...chunks])
  for await (const snapshot of readUIMessageStream({ stream, ...(message && { message }) })) read.push(snapshot)
  return read
}

/** What a comparison is about: the message as it would be stored. The id of a text is the reader's, so it is compared by itself. */
export function comparable(message: AiMessage | UIMessage | undefined): unknown {
  if (message === undefined) return undefined
  const theirs = isOurs(message) ? toAiSdkMessages([message])[0]! : message
  const { role, metadata, parts } = JSON.parse(JSON.stringify(theirs)) as AiMessage
  return { role, metadata, parts: parts.filter(hasContent).map(withoutPartialInput) }
}

const isOurs = (message: AiMessage | UIMessage): message is UIMessage =>
  message.parts.some((part) => 'content' in part || 'source' in part || part.type === 'tool-call' || part.type === 'data' || part.type === 'source')

/** A text that never got a character is dropped here, and a step with nothing in it does not show. */
function hasContent(part: AiMessage['parts'][number], at: number, parts: AiMessage['parts']): boolean {
  if (part.type === 'text' || part.type === 'reasoning') return part.text !== ''
  return part.type !== 'step-start' || parts.slice(at + 1).some((next) => next.type !== 'step-start' && !next.type.startsWith('data-'))
}

/** While it streams, each side has its own idea of half an input. */
function withoutPartialInput(part: AiMessage['parts'][number]): unknown {
  if (!('state' in part) || part.state !== 'input-streaming') return part
  const { input: _, ...rest } = part as { input?: unknown }
  return rest
}
