import { describe, expect, it } from 'vitest'
import type { UIMessage } from '../../transcript/message.ts'
import { textStream } from '../text-stream.ts'
import { resumeUrl, uiMessageStream } from './ui-message-stream.ts'

const question: UIMessage = { id: 'u1', role: 'user', parts: [{ type: 'text', content: 'Hello' }] }
const answer: UIMessage = { id: 'a1', role: 'assistant', parts: [{ type: 'text', content: 'Hi.' }] }
const input = { threadId: 't', runId: 'r', state: {}, messages: [], tools: [], context: [], forwardedProps: {} }

const sent = { id: 't', messages: [{ id: 'u1', role: 'user', parts: [{ type: 'text', text: 'Hello' }] }], trigger: 'submit-message' }

describe.each([
  ['uiMessageStream', uiMessageStream],
  ['textStream', textStream],
])('the request of %s', (_name, protocol) => {
  it('is what the client of the AI SDK sends, with the data of the send as fields of the body', () => {
    const request = { input, messages: [question], data: { model: 'small', id: 'mine', trigger: 'none' } }
    expect(protocol().encodeRequest(request)).toEqual({ ...sent, model: 'small' })
  })

  it('goes on with an answer when it ends with one', () => {
    expect(protocol().encodeRequest({ input, messages: [question, answer] })).toMatchObject({ trigger: 'submit-message', messageId: 'a1' })
  })

  it('is changed by prepareRequest, which sees it whole', () => {
    const prepareRequest = protocol({
      prepareRequest: ({ id, messages, model }, request) => ({ id, message: messages.at(-1), model, run: request.input.runId }),
    })
    expect(prepareRequest.encodeRequest({ input, messages: [question], data: { model: 'small' } })).toEqual({
      id: 't',
      message: sent.messages[0],
      model: 'small',
      run: 'r',
    })
  })
})

it('says regenerate and for which message, when the request does', () => {
  const request = { input, messages: [question], trigger: 'regenerate' as const, messageId: 'a1' }
  expect(uiMessageStream().encodeRequest(request)).toEqual({ ...sent, trigger: 'regenerate-message', messageId: 'a1' })
})

describe('resumeUrl', () => {
  it.each([
    ['/api/chat', 'c', '/api/chat/c/stream'],
    ['/api/chat/', 'a/b', '/api/chat/a%2Fb/stream'],
    ['https://x.y/chat?v=1#top', 'c', 'https://x.y/chat/c/stream?v=1#top'],
  ])('of %s and %s is %s', (api, id, url) => {
    expect(resumeUrl(api, id)).toBe(url)
  })
})
