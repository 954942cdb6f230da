import { fetchServerSentEvents, uiMessageStream } from '@statechat/core'
import { createUIMessageStreamResponse, type UIMessageChunk } from 'ai'
import { describe, expect, it } from 'vitest'
import { serveWeb } from '../support/serve.ts'
import { open, textOf, until } from '../support/session.ts'

const question = { id: 'u1', role: 'user' as const, parts: [{ type: 'text' as const, content: 'Tell me' }] }
const answer: UIMessageChunk[] = [
  { type: 'start', messageId: 'a1' },
  { type: 'start-step' },
  { type: 'text-start', id: '0' },
  { type: 'text-delta', id: '0', delta: 'Once upon ' },
  { type: 'text-delta', id: '0', delta: 'a time' },
  { type: 'text-end', id: '0' },
  { type: 'finish-step' },
  { type: 'finish', finishReason: 'stop' },
]

/** A server as the AI SDK's documentation has it: a stream that is going on is replayed, then live; 204 when there is none. */
async function server(replay: readonly UIMessageChunk[] | undefined) {
  const requests: string[] = []
  let live: ReadableStreamDefaultController<UIMessageChunk> | undefined
  const url = await serveWeb((request) => {
    requests.push(`${request.method} ${new URL(request.url).pathname}`)
    if (request.method !== 'GET' || !replay) return new Response(null, { status: 204 })
    const stream = new ReadableStream<UIMessageChunk>({
      start(controller) {
        live = controller
        for (const chunk of replay) controller.enqueue(chunk)
      },
    })
    return createUIMessageStreamResponse({ stream })
  })
  return { requests, connection: fetchServerSentEvents(`${url}/api/chat`, { protocol: uiMessageStream() }), live: () => live! }
}

describe('an AI SDK stream that is going on', () => {
  it('is shown from its start by GET, in the place of what was stored of it, and goes on', async () => {
    const { requests, connection, live } = await server(answer.slice(0, 4))
    const stored = { id: 'a1', role: 'assistant' as const, parts: [{ type: 'text' as const, content: 'Once' }] }
    const { chat, finishes } = open({ connection, threadId: 'chat 1', resume: true, initialMessages: [question, stored] })
    chat.attach()
    await until(chat, ({ messages }) => textOf(messages.at(-1)) === 'Once upon ')
    expect(chat.getSnapshot()).toMatchObject({ status: 'streaming', phase: 'receiving' })
    for (const chunk of answer.slice(4)) live().enqueue(chunk)
    live().close()
    const { messages } = await until(chat, ({ status }) => status === 'idle')
    expect(messages.map((message) => [message.id, textOf(message)])).toEqual([
      ['u1', 'Tell me'],
      ['a1', 'Once upon a time'],
    ])
    expect(finishes).toHaveLength(1)
    expect(requests).toEqual(['GET /api/chat/chat%201/stream'])
  })
  it('that is not there changes nothing', async () => {
    const { requests, connection } = await server(undefined)
    const { chat } = open({ connection, threadId: 't', resume: true, initialMessages: [question] })
    chat.attach()
    expect(chat.getSnapshot().phase).toBe('restoring')
    const { messages, error } = await until(chat, ({ phase }) => phase === 'ready')
    expect([messages.length, error]).toEqual([1, null])
    expect(requests).toEqual(['GET /api/chat/t/stream'])
  })
})
