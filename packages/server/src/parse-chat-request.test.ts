import { RunAgentInputSchema } from '@ag-ui/core/schemas'
import { describe, expect, it } from 'vitest'
import { counter } from '../test/support/count.ts'
import { type ChatRequestError, isChatRequestError, parseChatRequest, type ParseOptions } from './index.ts'

const post = (body: unknown, init: RequestInit = {}) =>
  new Request('http://x/chat', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' || body instanceof Uint8Array ? (body as string) : JSON.stringify(body),
    ...init,
  })

const parse = (body: unknown, options?: ParseOptions) => parseChatRequest(post(body), { generateId: counter(), ...options })

async function refusal(request: Request, options?: ParseOptions): Promise<ChatRequestError> {
  const error: unknown = await parseChatRequest(request, options).then(
    () => expect.unreachable('the request was accepted'),
    (thrown: unknown) => thrown,
  )
  if (!isChatRequestError(error)) throw error
  return error
}

const user = { id: 'u', role: 'user', content: 'Hello' }

describe('what is accepted', () => {
  it('is AG-UI’s RunAgentInput, in full', async () => {
    const input = {
      threadId: 't',
      runId: 'r',
      parentRunId: 'p',
      protocolVersion: '1.0',
      state: { a: 1 },
      messages: [
        { id: 's', role: 'system', content: 'Be brief.' },
        { id: 'd', role: 'developer', content: 'Be kind.' },
        {
          id: 'u',
          role: 'user',
          name: 'Ann',
          content: [
            { type: 'text', text: 'Look' },
            { type: 'image', source: { type: 'url', value: 'http://x/y.png' } },
          ],
        },
        { id: 'n', role: 'reasoning', content: 'hm', encryptedValue: 'opaque' },
        { id: 'a', role: 'assistant', toolCalls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } }] },
        { id: 'o', role: 'tool', toolCallId: 'c', content: '', error: 'boom' },
      ],
      tools: [{ name: 'f', description: 'F', parameters: { type: 'object' } }],
      context: [{ description: 'page', value: 'home' }],
      forwardedProps: { x: 1 },
      resume: [{ interruptId: 'i', status: 'resolved', payload: false }],
    }
    expect(RunAgentInputSchema.safeParse(input).success).toBe(true)
    expect(await parse(input)).toEqual({ ...input, body: {} })
  })

  it('is { messages } alone: ids are made, lists are there', async () => {
    expect(await parse({ messages: [{ role: 'user', content: 'Hello' }], model: 'x' })).toEqual({
      threadId: 'id-1',
      runId: 'id-2',
      messages: [{ id: 'id-3', role: 'user', content: 'Hello' }],
      tools: [],
      context: [],
      state: {},
      forwardedProps: {},
      body: { model: 'x' },
    })
  })

  it('is UI messages, wire messages and plain ones in one list', async () => {
    const { messages } = await parse({
      messages: [
        {
          id: 'u',
          role: 'user',
          parts: [
            { type: 'text', content: 'Hi' },
            { type: 'image', source: { type: 'data', value: 'AA', mimeType: 'image/png' } },
          ],
        },
        {
          id: 'a',
          role: 'assistant',
          parts: [
            { type: 'text', content: 'Let me see', metadata: null },
            { type: 'tool-call', id: 'c', name: 'f', arguments: '{"x":1}', state: 'complete', input: { x: 1 }, output: { y: 2 } },
            { type: 'from-the-future', anything: 1 },
          ],
          createdAt: '2026-01-01T00:00:00.000Z',
        },
        { id: 'v', role: 'activity', activityType: 'x', content: {} },
        user,
        { role: 'assistant', content: 'Yes?' },
      ],
    })
    expect(messages).toMatchObject([
      {
        id: 'u',
        role: 'user',
        content: [
          { type: 'text', text: 'Hi' },
          { type: 'image', source: { type: 'data', value: 'AA', mimeType: 'image/png' } },
        ],
      },
      { id: 'a', role: 'assistant', content: 'Let me see', toolCalls: [{ id: 'c', function: { name: 'f', arguments: '{"x":1}' } }] },
      { role: 'tool', toolCallId: 'c', content: '{"y":2}' },
      user,
      { role: 'assistant', content: 'Yes?' },
    ])
  })

  it('is a structured answer of the past, as the JSON that it was', async () => {
    const answer = { type: 'structured-output', raw: '{"title":"Soup"}', status: 'complete', data: { title: 'Soup' }, messageId: 'm' }
    const { messages } = await parse({ messages: [user, { id: 'a', role: 'assistant', parts: [answer] }] })
    expect(messages[1]).toMatchObject({ id: 'm', role: 'assistant', content: '{"title":"Soup"}' })
  })

  it('leaves ids such as __proto__ as they are: data', async () => {
    const { body, messages, threadId } = await parse(
      '{"threadId":"constructor","messages":[{"id":"__proto__","role":"user","content":"x","__proto__":{"role":"system"}}],"__proto__":{"admin":true}}',
    )
    expect([threadId, messages]).toEqual(['constructor', [{ id: '__proto__', role: 'user', content: 'x' }]])
    expect(Object.getPrototypeOf(body)).toBe(Object.prototype)
    expect(({} as { admin?: unknown }).admin).toBeUndefined()
  })

  it('is any JSON content type', async () => {
    const request = post({ messages: [user] }, { headers: { 'content-type': 'Application/AG-UI+json; charset=utf-8' } })
    await expect(parseChatRequest(request)).resolves.toMatchObject({ messages: [user] })
  })
})

describe('what is refused', () => {
  it.each<[string, unknown, string]>([
    ['no object', [], 'body: expected an object, got an array'],
    ['no messages', {}, 'messages: expected an array, got nothing'],
    ['empty messages', { messages: [] }, 'messages: must not be empty'],
    ['messages for no model', { messages: [{ id: 'a', role: 'activity' }] }, 'messages: must not be empty'],
    ['a message that is none', { messages: [user, 'x'] }, 'messages[1]: expected an object, got a string'],
    [
      'a role that nobody knows',
      { messages: [{ role: 'robot', content: 'x' }] },
      'messages[0].role: expected one of user, assistant, tool, system, developer, reasoning, got a string',
    ],
    ['content that is none', { messages: [{ role: 'user', content: 7 }] }, 'messages[0].content: expected a string or an array of content parts'],
    [
      'a content part of another kind',
      { messages: [{ role: 'user', content: [{ type: 'hologram' }] }] },
      'messages[0].content[0].type: expected one of image, audio, video, document, got a string',
    ],
    [
      'an image from nowhere',
      { messages: [{ role: 'user', content: [{ type: 'image', source: { type: 'data', value: 'AA' } }] }] },
      'messages[0].content[0].source.mimeType: expected a string, got nothing',
    ],
    [
      'an image in the instructions',
      { messages: [{ role: 'system', content: [{ type: 'image', source: { type: 'url', value: 'x' } }] }] },
      'messages[0].content[0].type: only text can be here',
    ],
    ['a result of no call', { messages: [{ role: 'tool', content: 'x' }] }, 'messages[0].toolCallId: expected a string, got nothing'],
    [
      'a call without a name',
      { messages: [{ role: 'assistant', toolCalls: [{ id: 'c', function: { arguments: '' } }] }] },
      'messages[0].toolCalls[0].function.name: expected a string, got nothing',
    ],
    [
      'a part without text',
      { messages: [{ id: 'u', role: 'user', parts: [{ type: 'text' }] }] },
      'messages[0].parts[0].content: expected a string, got nothing',
    ],
    ['an empty id', { messages: [{ ...user, id: '' }] }, 'messages[0].id: must not be empty'],
    ['a thread that is a number', { threadId: 7, messages: [user] }, 'threadId: expected a string, got a number'],
    ['two tools of one name', { messages: [user], tools: [{ name: 'f' }, { name: 'f' }] }, 'tools[1].name: another tool has this name'],
    [
      'parameters that are no schema',
      { messages: [user], tools: [{ name: 'f', parameters: 'x' }] },
      'tools[0].parameters: expected an object, got a string',
    ],
    ['a context without a value', { messages: [user], context: [{ description: 'x' }] }, 'context[0].value: expected a string, got nothing'],
    [
      'a structured answer without its JSON',
      { messages: [{ role: 'assistant', parts: [{ type: 'structured-output', data: {} }] }] },
      'messages[0].parts[0].raw: expected a string, got nothing',
    ],
    [
      'an answer that is none',
      { messages: [user], resume: [{ interruptId: 'i', status: 'maybe' }] },
      'resume[0].status: expected one of resolved, cancelled, got a string',
    ],
  ])('%s, with the field in the reason', async (_what, body, message) => {
    const error = await refusal(post(body))
    expect([error.status, error.message]).toEqual([400, message])
    expect(error.field).toBe(message.split(':')[0])
    const response = error.toResponse({ headers: { 'access-control-allow-origin': '*' } })
    expect([response.status, response.headers.get('content-type'), response.headers.get('access-control-allow-origin')]).toEqual([
      400,
      'application/json',
      '*',
    ])
    expect(await response.json()).toEqual({ error: { code: 'bad_request', message, field: error.field } })
  })

  it.each<[string, string | Uint8Array, string]>([
    ['an empty body', '', 'the body is empty'],
    ['a body that is cut off', '{"password":"hunter2"', 'the body is not valid JSON'],
    ['invalid UTF-8', new Uint8Array([0x22, 0xff, 0x22]), 'the body is not valid UTF-8'],
  ])('%s, without quoting it', async (_what, body, message) => {
    const error = await refusal(post(body))
    expect([error.status, error.message, error.cause]).toEqual([400, message, undefined])
  })

  it('a value is never repeated in the reason', async () => {
    for (const body of [
      { messages: [{ role: 'sk-123', content: 'x' }] },
      { messages: 'sk-123' },
      { messages: [user], tools: [{ name: 'sk-123' }, { name: 'sk-123' }] },
    ]) {
      expect(await (await refusal(post(body))).toResponse().text()).not.toContain('sk-123')
    }
  })

  it('another content type, 415', async () => {
    for (const type of ['text/plain', 'multipart/form-data', 'application/jsonp', 'text/json+json']) {
      expect((await refusal(post({ messages: [user] }, { headers: { 'content-type': type } }))).status).toBe(415)
    }
    expect((await refusal(new Request('http://x', { method: 'POST', body: new Uint8Array([1]) }))).toResponse().status).toBe(415)
  })

  it('another method, 405 with Allow', async () => {
    const response = (await refusal(new Request('http://x/chat'))).toResponse()
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST'])
  })

  it('a body past the limit, 413, and reads no further whatever content-length says', async () => {
    let sent = 0
    let cancelled = false
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 1000
        controller.enqueue(new Uint8Array(1000).fill(32))
      },
      cancel: () => void (cancelled = true),
    })
    const request = new Request('http://x', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': '2' },
      body: endless,
      duplex: 'half',
    } as RequestInit)
    const error = await refusal(request, { maxBytes: 10_000 })
    expect([error.status, error.message]).toEqual([413, 'the body is larger than 10000 bytes'])
    expect(sent).toBeLessThan(20_000)
    expect(cancelled).toBe(true)
  })

  it('a body that says it is too long, 413, unread', async () => {
    const request = post({ messages: [user] }, { headers: { 'content-type': 'application/json', 'content-length': '99' } })
    expect((await refusal(request, { maxBytes: 98 })).status).toBe(413)
    expect(request.bodyUsed).toBe(false)
  })

  it('nothing that just fits', async () => {
    const text = JSON.stringify({ messages: [user] })
    await expect(parseChatRequest(post(text), { maxBytes: text.length })).resolves.toMatchObject({ messages: [user] })
    expect((await refusal(post(text), { maxBytes: text.length - 1 })).status).toBe(413)
  })

  it('a body that breaks off', async () => {
    const body = new ReadableStream({ pull: (controller) => controller.error(new Error('reset')) })
    const request = new Request('http://x', { method: 'POST', headers: { 'content-type': 'application/json' }, body, duplex: 'half' } as RequestInit)
    expect((await refusal(request)).message).toBe('the body broke off')
  })
})
