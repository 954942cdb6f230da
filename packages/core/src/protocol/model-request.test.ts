import { describe, expect, it } from 'vitest'
import type { WireMessage } from './chunk.ts'
import { anthropicMessages } from './anthropic-messages/anthropic-messages.ts'
import { modelMessages } from './model-request.ts'
import { requestOf, WEATHER } from './model-test-kit.ts'
import { openaiChat } from './openai-chat/openai-chat.ts'
import { openaiResponses } from './openai-responses/openai-responses.ts'

const user: WireMessage = { id: 'u1', role: 'user', content: 'Hi' }
const calling = (...ids: string[]): WireMessage => ({
  id: 'a1',
  role: 'assistant',
  toolCalls: ids.map((id) => ({ id, type: 'function', function: { name: 'f', arguments: '{}' } })),
})
const result = (toolCallId: string, content: string, error?: string): WireMessage => ({
  id: `${toolCallId}-result`,
  role: 'tool',
  toolCallId,
  content,
  ...(error !== undefined && { error }),
})
const reasoning = (id: string): WireMessage => ({ id, role: 'reasoning', content: 'Hm.', encryptedValue: 'sealed' })

describe('what a model is told', () => {
  it('has one answer for every call, in the order of the calls', () => {
    const [, assistant] = modelMessages([user, calling('a', 'b', 'c'), result('c', '3'), result('a', '', 'No such city'), user])
    expect(assistant).toMatchObject({
      calls: [
        { call: { id: 'a' }, content: 'No such city', error: 'No such city' },
        { call: { id: 'b' }, content: 'Nobody ran this call.', error: 'Nobody ran this call.' },
        { call: { id: 'c' }, content: '3' },
      ],
    })
  })
  it('has no answer to a call of another turn with the same id', () => {
    const told = modelMessages([calling('a'), result('a', 'one'), user, calling('a'), user, calling('a'), result('a', 'three')])
    expect(told).toMatchObject([
      { calls: [{ content: 'one' }] },
      { role: 'user' },
      { calls: [{ content: 'Nobody ran this call.' }] },
      { role: 'user' },
      { calls: [{ content: 'three' }] },
    ])
  })
  it('has no answer without a call, and no empty message', () => {
    expect(modelMessages([result('x', '1'), { id: 'a', role: 'assistant', content: '' }, { id: 's', role: 'system', content: '' }])).toEqual([])
  })
  it('has thoughts only where they led to something', () => {
    const text: WireMessage = { id: 'a', role: 'assistant', content: 'Hello' }
    expect(modelMessages([reasoning('r1'), user, reasoning('r2'), reasoning('r3'), text, reasoning('r4')])).toMatchObject([
      { role: 'user' },
      { role: 'assistant', thoughts: [{ id: 'r2' }, { id: 'r3' }] },
    ])
  })
})

describe.each([
  ['openaiChat', openaiChat],
  ['openaiResponses', openaiResponses],
  ['anthropicMessages', anthropicMessages],
] as const)('%s', (_name, protocolOf) => {
  const encode = (options: Partial<Parameters<typeof protocolOf>[0]>, ...request: Parameters<typeof requestOf>) =>
    protocolOf({ model: 'm', ...options }).encodeRequest(requestOf(...request))

  it('takes more fields, which win, and leaves out what is undefined', () => {
    expect(encode({ temperature: 0.5, request: { temperature: 1, top_p: 0.9, stream: undefined } }, [user])).toMatchObject({
      temperature: 1,
      top_p: 0.9,
    })
    expect(Object.keys(encode({ request: { stream: undefined } }, [user]))).not.toContain('stream')
    expect(Object.values(encode({}, [user]))).not.toContain(undefined)
  })
  it('takes a function that makes fields from the data of the request', () => {
    const request = ({ data }: { data?: Record<string, unknown> | undefined }) => ({ user: data?.['name'] })
    expect(encode({ request }, [user], { data: { name: 'Ada' } })).toMatchObject({ user: 'Ada' })
  })
  it('adds the tools of the provider to those of the chat', () => {
    expect(encode({ request: { tools: [{ type: 'web_search' }] } }, [user], { tools: [WEATHER] })['tools']).toMatchObject([
      {},
      { type: 'web_search' },
    ])
  })
  it('mentions neither tools nor a choice of them when there are none', () => {
    const body = encode({ toolChoice: 'auto' }, [user])
    expect([body['tools'], body['tool_choice']]).toEqual([undefined, undefined])
  })
  it('says what it cannot send', () => {
    const video: WireMessage = { id: 'u', role: 'user', content: [{ type: 'video', source: { type: 'url', value: 'https://a.b/c.mp4' } }] }
    expect(() => encode({}, [video])).toThrow(/cannot send video content from a url source/)
  })
  it('sends nothing of the chat that the provider would refuse', () => {
    expect(Object.keys(encode({}, [user], { data: { page: '/' }, forwardedProps: { page: '/' } }))).not.toEqual(
      expect.arrayContaining(['threadId', 'forwardedProps', 'data', 'state']),
    )
  })
})
