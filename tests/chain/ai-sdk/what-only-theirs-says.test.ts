import type { UIMessageChunk } from 'ai'
import { describe, expect, it } from 'vitest'
import { open, textOf, until } from '../support/session.ts'
import { serveWeb } from '../support/serve.ts'
import { fetchServerSentEvents } from '@statechat/core'
import { createUIMessageStream, createUIMessageStreamResponse } from 'ai'
import { toAiSdkMessages, uiMessageStream } from './from-source.ts'
import { aiServer, answer, theirReading } from './support.ts'

const whole = (message: unknown) => JSON.parse(JSON.stringify(message)) as { id: string; metadata?: unknown; parts: object[] }
const PENDING: Record<string, UIMessageChunk[]> = {
  'message id, data first': [{ type: 'start', messageId: 'a1' }, { type: 'data-x', data: 1 }, { type: 'finish' }],
  'message id': answer({ type: 'text-start', id: '0' }, { type: 'text-delta', id: '0', delta: 'a' }, { type: 'text-end', id: '0' }),
  metadata: [
    { type: 'start', messageId: 'a1', messageMetadata: { a: { b: 1 } } },
    { type: 'start-step' },
    { type: 'text-start', id: '0' },
    { type: 'text-delta', id: '0', delta: 'a' },
    { type: 'text-end', id: '0' },
    { type: 'message-metadata', messageMetadata: { a: { c: 2 } } },
    { type: 'finish-step' },
    { type: 'finish', messageMetadata: { d: [1] } },
  ],
  files: answer(
    { type: 'file', url: 'data:image/png;base64,AAAA', mediaType: 'image/png', providerMetadata: { acme: { a: 1 } } },
    { type: 'reasoning-file', url: 'https://x.y/z', mediaType: 'application/pdf' },
  ),
  'a thought without words that the provider wants back': answer(
    { type: 'reasoning-start', id: '0', providerMetadata: { openai: { itemId: 'rs_1' } } },
    { type: 'reasoning-end', id: '0' },
    { type: 'text-start', id: '0', providerMetadata: { google: { thoughtSignature: 's' } } },
    { type: 'text-end', id: '0' },
  ),
  'an approval with a signature': answer(
    { type: 'tool-input-available', toolCallId: 'c', toolName: 'pay', input: {} },
    { type: 'tool-approval-request', approvalId: 'ap', toolCallId: 'c', signature: 'sig', reason: 'much' },
  ),
  'automatic approvals': answer(
    { type: 'tool-input-available', toolCallId: 'c', toolName: 'pay', input: {} },
    { type: 'tool-approval-request', approvalId: 'ap', toolCallId: 'c', isAutomatic: true },
    { type: 'tool-approval-response', approvalId: 'ap', approved: true, reason: 'policy' },
    { type: 'tool-output-available', toolCallId: 'c', output: 1 },
    { type: 'tool-input-available', toolCallId: 'd', toolName: 'pay', input: {} },
    { type: 'tool-approval-request', approvalId: 'ap2', toolCallId: 'd', isAutomatic: true },
    { type: 'tool-approval-response', approvalId: 'ap2', approved: false },
    { type: 'tool-output-denied', toolCallId: 'd' },
  ),
  'an input that the server changed': answer(
    { type: 'tool-input-start', toolCallId: 'c', toolName: 'f' },
    { type: 'tool-input-delta', toolCallId: 'c', inputTextDelta: '{"a":1}' },
    { type: 'tool-input-available', toolCallId: 'c', toolName: 'f', input: { a: 1, b: 2 } },
    { type: 'tool-output-available', toolCallId: 'c', output: 1 },
  ),
  'a step that is begun again': [
    { type: 'start', messageId: 'a1' },
    { type: 'data-note', data: 'kept' },
    { type: 'start-step' },
    { type: 'text-start', id: '0' },
    { type: 'text-delta', id: '0', delta: 'Wrong' },
    { type: 'data-note', data: 'gone' },
    { type: 'tool-input-start', toolCallId: 'c', toolName: 'f' },
    { type: 'reset-step' },
    { type: 'text-start', id: '0' },
    { type: 'text-delta', id: '0', delta: 'Right.' },
    { type: 'text-end', id: '0' },
    { type: 'finish-step' },
    { type: 'finish', finishReason: 'stop' },
  ],
}
describe.each(Object.entries(PENDING))('%s', (_name, chunks) => {
  it('is the same as theirs, id and metadata too', async () => {
    const { connection } = await aiServer(chunks)
    const { chat, warnings } = open({ connection })
    void chat.sendMessage('Hello')
    const { messages, error } = await until(chat, ({ status }) => status !== 'streaming')
    expect([error, warnings]).toEqual([null, []])
    expect(whole(toAiSdkMessages([messages[1]!])[0])).toEqual(whole((await theirReading(chunks)).at(-1)))
  })
})
it('transient data does not stay', async () => {
  const { connection } = await aiServer(
    answer({ type: 'data-toast', data: 1, transient: true }, { type: 'text-start', id: '0' }, { type: 'text-delta', id: '0', delta: 'a' }),
  )
  const { chat } = open({ connection })
  const { message } = await chat.sendMessage('Hello')
  expect(message?.parts.map(({ type }) => type)).toEqual(['text'])
})
it('a denied call is cancelled, not failed', async () => {
  const { connection } = await aiServer(
    answer({ type: 'tool-input-available', toolCallId: 'c', toolName: 'pay', input: {} }, { type: 'tool-output-denied', toolCallId: 'c' }),
  )
  const { chat } = open({ connection })
  const { message } = await chat.sendMessage('Hello')
  expect(message?.parts[0]).toMatchObject({ state: 'cancelled' })
})
it('a stream that its author gave no finish is complete', async () => {
  const url = await serveWeb(() =>
    createUIMessageStreamResponse({
      stream: createUIMessageStream({
        execute({ writer }) {
          writer.write({ type: 'text-start', id: '0' })
          writer.write({ type: 'text-delta', id: '0', delta: 'All.' })
          writer.write({ type: 'text-end', id: '0' })
        },
      }),
    }),
  )
  const { chat } = open({ connection: fetchServerSentEvents(url, { protocol: uiMessageStream() }) })
  const { outcome, message } = await chat.sendMessage('Hello')
  expect([outcome, textOf(message)]).toEqual(['finished', 'All.'])
})
