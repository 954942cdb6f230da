import { type Chunk, stream } from '@statechat/core'
import { createTextStreamResponse, streamText, toTextStream } from 'ai'
import { MockLanguageModelV4, simulateReadableStream } from 'ai/test'
import { describe, expect, it } from 'vitest'
import { serveWeb } from '../support/serve.ts'
import { open, textOf } from '../support/session.ts'
import { textStream } from './from-source.ts'

/** Posts and reads text by hand: what an adapter with a framing for text does. */
const connectTo = (url: string) =>
  stream(async function* (messages, data, signal, { input, threadId, runId, onWarning }) {
    const protocol = textStream()
    const body = JSON.stringify(protocol.encodeRequest({ input, messages, data }))
    const response = await fetch(url, { method: 'POST', body, signal, headers: { 'content-type': 'application/json' } })
    const decoder = protocol.createDecoder({ threadId, runId, source: 'response', onWarning })
    const chunks: Chunk[] = []
    for await (const text of response.body!.pipeThrough(new TextDecoderStream())) {
      decoder.decode(text, chunks)
      yield chunks.splice(0)
    }
    decoder.end(chunks)
    yield chunks
  })

describe('a text stream of the AI SDK', () => {
  it('is one answer, verbatim', async () => {
    const bodies: unknown[] = []
    const url = await serveWeb(async (request) => {
      bodies.push(await request.json())
      const deltas = ['Grüß ', 'Gott\n', '🎉 data: x'].map((delta) => ({ type: 'text-delta' as const, id: '0', delta }))
      const model = new MockLanguageModelV4({
        doStream: async () => ({
          stream: simulateReadableStream({
            chunks: [{ type: 'text-start', id: '0' }, ...deltas, { type: 'text-end', id: '0' }],
            chunkDelayInMs: null,
          }),
        }),
      })
      return createTextStreamResponse({ stream: toTextStream({ stream: streamText({ model, prompt: 'x' }).stream }) })
    })
    const { chat, warnings } = open({ connection: connectTo(url), threadId: 'chat-1' })
    const { outcome, message } = await chat.sendMessage('Hello')
    expect([outcome, textOf(message), warnings]).toEqual(['finished', 'Grüß Gott\n🎉 data: x', []])
    expect(bodies).toMatchObject([
      { id: 'chat-1', trigger: 'submit-message', messages: [{ role: 'user', parts: [{ type: 'text', text: 'Hello' }] }] },
    ])
  })
})
