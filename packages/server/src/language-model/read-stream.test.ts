import { describe, expect, it, vi } from 'vitest'
import { callsOf, outline, textOf, thoughtOf } from '../../test/support/collect.ts'
import { answering, call, calls, custom, run, says, seals, STOP, thinks } from './test-kit.ts'

const idsOf = (chunks: Awaited<ReturnType<typeof run>>, type: 'TEXT_MESSAGE_START' | 'REASONING_MESSAGE_START') =>
  chunks.flatMap((chunk) => (chunk.type === type ? [chunk.messageId] : []))

describe('text', () => {
  it('comes as it is streamed, and empty pieces do not', async () => {
    const chunks = await run(
      answering([
        { type: 'stream-start', warnings: [] },
        { type: 'response-metadata', id: 'r', modelId: 'mock-1-2026' },
        { type: 'text-start', id: '0' },
        { type: 'text-delta', id: '0', delta: '' },
        { type: 'text-delta', id: '0', delta: 'Hel' },
        { type: 'text-delta', id: '0', delta: 'lo' },
        { type: 'text-end', id: '0' },
        { type: 'ping' },
        STOP,
      ]),
    )
    expect(outline(chunks)).toEqual([
      'RUN_STARTED',
      'TEXT_MESSAGE_START',
      'TEXT_MESSAGE_CONTENT Hel',
      'TEXT_MESSAGE_CONTENT lo',
      'TEXT_MESSAGE_END',
      'RUN_FINISHED',
    ])
  })

  it('that goes on under another id is still one text, so that no sentence is torn', async () => {
    const chunks = await run(answering([...says('It is ', '0'), ...says('sunny', '1'), ...says('.', '2'), STOP]))
    expect(textOf(chunks)).toBe('It is sunny.')
    expect(new Set(idsOf(chunks, 'TEXT_MESSAGE_START')).size).toBe(1)
  })

  it('after a thought or a call is another text', async () => {
    const chunks = await run(answering([...says('a'), ...thinks('b'), ...says('c'), ...calls('x', 'f', '{}'), ...says('d'), STOP]))
    expect(new Set(idsOf(chunks, 'TEXT_MESSAGE_START')).size).toBe(3)
  })

  it('that is two at the same time is as many as it is pieces, each in its place', async () => {
    const chunks = await run(
      answering([
        { type: 'text-start', id: 'a' },
        { type: 'text-delta', id: 'a', delta: 'A' },
        { type: 'text-start', id: 'b' },
        { type: 'text-delta', id: 'b', delta: 'B' },
        { type: 'text-delta', id: 'a', delta: 'a' },
        { type: 'text-end', id: 'b' },
        { type: 'text-end', id: 'a' },
        STOP,
      ]),
    )
    expect(textOf(chunks)).toBe('ABa')
    expect(new Set(idsOf(chunks, 'TEXT_MESSAGE_START')).size).toBe(3)
  })

  it('without its start is text all the same', async () => {
    expect(textOf(await run(answering([{ type: 'text-delta', id: '9', delta: 'Hi' }, STOP])))).toBe('Hi')
  })

  it('has its citations with their places in the whole text', async () => {
    const source = { type: 'source' as const, sourceType: 'url' as const, id: 's', url: 'https://example.com' }
    const chunks = await run(
      answering([
        ...says('It is ', '0'),
        { type: 'text-start', id: '1' },
        { type: 'text-delta', id: '1', delta: 'sunny' },
        { type: 'text-end', id: '1', citations: [{ source, startIndex: 0, endIndex: 5 }] } as never,
        ...says('.', '2'),
        STOP,
      ]),
    )
    const ends = chunks.flatMap((chunk) => (chunk.type === 'TEXT_MESSAGE_END' && chunk.metadata ? [chunk.metadata] : []))
    expect(ends).toEqual([{ citations: [{ source, startIndex: 6, endIndex: 11 }] }])
  })

  it('is sealed with what the provider said of each piece', async () => {
    const chunks = await run(
      answering([
        { type: 'text-start', id: '0', providerMetadata: { mock: { item: 'a' } } },
        { type: 'text-delta', id: '0', delta: 'It ' },
        { type: 'text-end', id: '0' },
        ...says('is.', '1'),
        STOP,
      ]),
    )
    const [id] = idsOf(chunks, 'TEXT_MESSAGE_START')
    expect(seals(chunks)).toEqual({ [id!]: { texts: [{ length: 3, providerMetadata: { mock: { item: 'a' } } }, { length: 3 }] } })
  })

  it('has its seal before the call that follows, and not after it', async () => {
    const chunks = await run(
      answering([
        { type: 'text-start', id: '0', providerMetadata: { mock: { item: 'a' } } },
        { type: 'text-delta', id: '0', delta: 'Let me look.' },
        ...calls('x', 'f', ''),
        { type: 'text-end', id: '0' },
        STOP,
      ]),
    )
    const types = chunks.map(({ type }) => type)
    expect(types.indexOf('REASONING_ENCRYPTED_VALUE')).toBeLessThan(types.indexOf('TEXT_MESSAGE_END'))
    expect(types.indexOf('TEXT_MESSAGE_END')).toBeLessThan(types.indexOf('TOOL_CALL_START'))
  })

  it('of no length is kept where the provider said something of it', async () => {
    const chunks = await run(
      answering([{ type: 'text-start', id: '0', providerMetadata: { mock: { signature: 's' } } }, { type: 'text-end', id: '0' }, STOP]),
    )
    expect(outline(chunks)).toEqual(['RUN_STARTED', 'TEXT_MESSAGE_START', 'REASONING_ENCRYPTED_VALUE', 'TEXT_MESSAGE_END', 'RUN_FINISHED'])
  })
})

describe('reasoning', () => {
  it('comes before the text, each thought on its own', async () => {
    const chunks = await run(answering([...thinks('a', '0'), ...thinks('b', '0'), ...says('c'), STOP]))
    expect([thoughtOf(chunks), textOf(chunks)]).toEqual(['ab', 'c'])
    expect(new Set(idsOf(chunks, 'REASONING_MESSAGE_START')).size).toBe(2)
  })

  it('is sealed with the last thing that the provider said of it', async () => {
    const chunks = await run(
      answering([
        { type: 'reasoning-start', id: '0', providerMetadata: { mock: { item: 'a' } } },
        { type: 'reasoning-delta', id: '0', delta: 'hm' },
        { type: 'reasoning-delta', id: '0', delta: '', providerMetadata: { mock: { item: 'a', signature: 's' } } },
        { type: 'reasoning-end', id: '0' },
        STOP,
      ]),
    )
    const [id] = idsOf(chunks, 'REASONING_MESSAGE_START')
    expect(seals(chunks)).toEqual({ [id!]: { providerMetadata: { mock: { item: 'a', signature: 's' } } } })
  })

  it('that is redacted has a seal and no words', async () => {
    const chunks = await run(
      answering([
        { type: 'reasoning-start', id: '0', providerMetadata: { mock: { redacted: 'x' } } },
        { type: 'reasoning-end', id: '0' },
        ...says('Hi'),
        STOP,
      ]),
    )
    expect(Object.values(seals(chunks))).toEqual([{ providerMetadata: { mock: { redacted: 'x' } } }])
    expect(thoughtOf(chunks)).toBe('')
  })

  it('that is never ended ends with the answer', async () => {
    const chunks = await run(
      answering([
        { type: 'reasoning-start', id: '0', providerMetadata: { mock: { item: 'a' } } },
        { type: 'reasoning-delta', id: '0', delta: 'hm' },
        STOP,
      ]),
    )
    expect(outline(chunks).slice(-4)).toEqual(['REASONING_ENCRYPTED_VALUE', 'REASONING_MESSAGE_END', 'REASONING_END', 'RUN_FINISHED'])
  })
})

describe('tool calls', () => {
  const streamed = (id: string, ...deltas: string[]) => [
    { type: 'tool-input-start' as const, id, toolName: 'f' },
    ...deltas.map((delta) => ({ type: 'tool-input-delta' as const, id, delta })),
    { type: 'tool-input-end' as const, id },
  ]

  it('stream their arguments, and those that came at the end are added', async () => {
    const chunks = await run(answering([...streamed('a', '{"x"', ':1'), ...calls('a', 'f', '{"x":1}'), STOP]))
    expect(callsOf(chunks)).toEqual([{ id: 'a', name: 'f', input: { x: 1 } }])
    expect(outline(chunks).filter((line) => line.startsWith('TOOL_CALL_ARGS'))).toEqual([
      'TOOL_CALL_ARGS {"x"',
      'TOOL_CALL_ARGS :1',
      'TOOL_CALL_ARGS }',
    ])
  })

  it('may come whole, several at once, and leave the run to the client', async () => {
    const chunks = await run(answering([...calls('a', 'f', '{"x":1}'), ...calls('b', 'g', '{}'), STOP]))
    expect(callsOf(chunks).map(({ id, input }) => [id, input])).toEqual([
      ['a', { x: 1 }],
      ['b', {}],
    ])
    expect(chunks.at(-1)).toMatchObject({ outcome: { pendingToolCallIds: ['a', 'b'] }, metadata: { finishReason: 'tool_calls' } })
  })

  it('with text for arguments show only the JSON that is made of it', async () => {
    const [start, ...rest] = streamed('a', 'SELECT', ' 1')
    const chunks = await run(answering([{ ...start!, inputEncoding: 'text' } as never, ...rest, ...calls('a', 'f', '{"query":"SELECT 1"}'), STOP]))
    expect(callsOf(chunks)).toEqual([{ id: 'a', name: 'f', input: { query: 'SELECT 1' } }])
  })

  it('without arguments are ended', async () => {
    const types = (await run(answering([...calls('a', 'f', ''), STOP]))).map(({ type }) => type)
    expect(types.filter((type) => type.startsWith('TOOL_CALL'))).toEqual(['TOOL_CALL_START', 'TOOL_CALL_END'])
  })

  it('get an id of their own where the provider counts from zero in each answer, or twice in one', async () => {
    const before = [
      { id: 'a', role: 'assistant' as const, toolCalls: [{ id: '0', type: 'function' as const, function: { name: 'f', arguments: '{}' } }] },
      { id: 't', role: 'tool' as const, toolCallId: '0', content: 'ok' },
      { id: 'u', role: 'user' as const, content: '?' },
    ]
    const chunks = await run(answering([...streamed('0', '{"x":1}'), ...calls('0', 'f', '{"x":1}'), ...calls('0', 'f', '{"x":2}'), STOP]), {
      messages: before,
    })
    const found = callsOf(chunks)
    expect(found.map(({ input }) => input)).toEqual([{ x: 1 }, { x: 2 }])
    expect(new Set([...found.map(({ id }) => id), '0']).size).toBe(3)
  })

  it('are sealed with what the provider said of them', async () => {
    const chunks = await run(
      answering([
        { type: 'tool-input-start', id: 'a', toolName: 'f', providerMetadata: { mock: { item: 'i' } } },
        ...calls('a', 'f', '{}'),
        { type: 'tool-call', toolCallId: 'b', toolName: 'f', input: '{}', providerMetadata: { mock: { item: 'j' } } },
        STOP,
      ]),
    )
    expect(seals(chunks)).toEqual({ a: { providerMetadata: { mock: { item: 'i' } } }, b: { providerMetadata: { mock: { item: 'j' } } } })
  })

  it('of the provider have its result, and are nobody else’s', async () => {
    const chunks = await run(
      answering([
        { type: 'tool-input-start', id: 's', toolName: 'search', providerExecuted: true, title: 'Web search' },
        {
          type: 'tool-call',
          toolCallId: 's',
          toolName: 'search',
          input: '{"q":"x"}',
          providerExecuted: true,
          providerMetadata: { mock: { item: 'i' } },
        },
        { type: 'tool-result', toolCallId: 's', toolName: 'search', result: [1], preliminary: true },
        { type: 'tool-result', toolCallId: 's', toolName: 'search', result: [1, 2], providerMetadata: { mock: { item: 'r' } } },
        ...says('Found.'),
        STOP,
      ]),
    )
    expect(chunks.find((chunk) => chunk.type === 'TOOL_CALL_START')?.metadata).toEqual({ providerExecuted: true, title: 'Web search' })
    expect(chunks.filter((chunk) => chunk.type === 'TOOL_CALL_RESULT')).toMatchObject([{ toolCallId: 's', content: '[1,2]' }])
    expect(custom(chunks, 'tool-progress')).toEqual([{ toolCallId: 's', progress: [1] }])
    expect(seals(chunks)).toEqual({
      s: { providerMetadata: { mock: { item: 'i' } }, providerExecuted: true, result: { providerMetadata: { mock: { item: 'r' } } } },
    })
    expect(chunks.at(-1)).toMatchObject({ outcome: { type: 'success' }, metadata: { finishReason: 'stop' } })
    expect(chunks.at(-1)).not.toHaveProperty('outcome.pendingToolCallIds')
  })

  it('of the provider that failed say why', async () => {
    const chunks = await run(
      answering([
        { type: 'tool-call', toolCallId: 's', toolName: 'search', input: '{}', providerExecuted: true },
        { type: 'tool-result', toolCallId: 's', toolName: 'search', result: { code: 'too_many' }, isError: true },
        STOP,
      ]),
    )
    expect(chunks.find((chunk) => chunk.type === 'TOOL_CALL_RESULT')).toMatchObject({
      content: '{"code":"too_many"}',
      metadata: { error: '{"code":"too_many"}' },
    })
  })

  it('of the provider that need a person’s consent ask for it', async () => {
    const chunks = await call(
      answering([
        { type: 'tool-call', toolCallId: 'm', toolName: 'mcp', input: '{"x":1}', providerExecuted: true, dynamic: true },
        { type: 'tool-approval-request', approvalId: 'ap', toolCallId: 'm' },
        STOP,
      ]),
    )
    expect(custom(chunks, 'approval-requested')).toEqual([
      { toolCallId: 'm', toolName: 'mcp', input: { x: 1 }, approval: { id: 'ap', needsApproval: true } },
    ])
    expect(seals(chunks)).toEqual({ m: { providerExecuted: true, approvalId: 'ap' } })
  })
})

describe('what else an answer holds', () => {
  it('are sources, with ids for the whole conversation', async () => {
    const chunks = await run(
      answering([
        { type: 'source', sourceType: 'url', id: '0', url: 'https://example.com', title: 'Example', providerMetadata: { mock: { n: 1 } } },
        { type: 'source', sourceType: 'document', id: '1', mediaType: 'application/pdf', title: 'Paper', filename: 'a.pdf' },
        STOP,
      ]),
    )
    expect(custom(chunks, 'source')).toEqual([
      { id: 'id-3/0', url: 'https://example.com', title: 'Example', metadata: { providerMetadata: { mock: { n: 1 } } } },
      { id: 'id-3/1', mimeType: 'application/pdf', title: 'Paper', metadata: { filename: 'a.pdf' } },
    ])
  })

  it('are files, as bytes or by address', async () => {
    const chunks = await run(
      answering([
        { type: 'file', mediaType: 'image/png', data: { type: 'data', data: 'AA==' } },
        { type: 'file', mediaType: 'audio/wav', data: { type: 'data', data: new Uint8Array([0, 255]) }, providerMetadata: { mock: { n: 1 } } },
        { type: 'file', mediaType: 'text/csv', data: { type: 'url', url: new URL('https://example.com/a.csv') } },
        { type: 'reasoning-file', mediaType: 'image/png', data: { type: 'data', data: 'AA==' } },
        STOP,
      ]),
    )
    expect(custom(chunks, 'file')).toEqual([
      { id: 'id-3/part-1', mediaType: 'image/png', url: 'data:image/png;base64,AA==' },
      { id: 'id-3/part-2', mediaType: 'audio/wav', url: 'data:audio/wav;base64,AP8=', metadata: { providerMetadata: { mock: { n: 1 } } } },
      { id: 'id-3/part-3', mediaType: 'text/csv', url: 'https://example.com/a.csv' },
      { id: 'id-3/part-4', mediaType: 'image/png', url: 'data:image/png;base64,AA==', metadata: { reasoning: true } },
    ])
  })

  it('are the provider’s own kinds, sealed like a thought without words', async () => {
    const chunks = await run(answering([{ type: 'custom', kind: 'mock.compaction', providerMetadata: { mock: { item: 'c' } } }, STOP]))
    expect(custom(chunks, 'mock.compaction')).toEqual([{ mock: { item: 'c' } }])
    expect(Object.values(seals(chunks))).toEqual([{ kind: 'mock.compaction', providerMetadata: { mock: { item: 'c' } } }])
  })

  it('are raw events, where they are asked for', async () => {
    const model = answering([{ type: 'raw', rawValue: { x: 1 } }, STOP])
    const chunks = await run(model, { options: { includeRawChunks: true } })
    expect(model.doStreamCalls[0]).toMatchObject({ includeRawChunks: true })
    expect(chunks.find((chunk) => chunk.type === 'RAW')).toEqual({ type: 'RAW', event: { x: 1 }, source: 'mock.chat' })
  })

  it('are warnings, for the server alone', async () => {
    const onWarning = vi.fn()
    const warning = { type: 'unsupported' as const, feature: 'temperature' }
    const chunks = await run(answering([{ type: 'stream-start', warnings: [warning] }, ...says('Hi'), STOP]), { options: { onWarning } })
    expect(onWarning.mock.calls).toEqual([[warning]])
    expect(JSON.stringify(chunks)).not.toContain('temperature')
  })
})

describe('the end', () => {
  it('has the usage of the model that answered, and what the provider says of it', async () => {
    const chunks = await run(
      answering([
        { type: 'response-metadata', modelId: 'mock-1-2026' },
        { ...STOP, providerMetadata: { mock: { id: 'r' } } },
      ]),
    )
    expect(chunks.at(-1)).toMatchObject({
      metadata: { finishReason: 'stop', providerMetadata: { mock: { id: 'r' } } },
      usage: [
        {
          provider: 'mock',
          model: 'mock-1-2026',
          inputTokens: 3,
          outputTokens: 4,
          totalTokens: 7,
          reasoningTokens: 1,
          cachedInputTokens: 2,
          cacheWriteInputTokens: 0,
        },
      ],
    })
  })

  it.each([
    ['length', 'length'],
    ['content-filter', 'content_filter'],
    ['tool-calls', 'tool_calls'],
    ['error', 'error'],
    ['other', 'other'],
  ] as const)('for the reason %s is %s', async (unified, reason) => {
    const chunks = await run(answering([{ ...STOP, finishReason: { unified, raw: 'x' } }]))
    expect(chunks.at(-1)).toMatchObject({ type: 'RUN_FINISHED', metadata: { finishReason: reason } })
  })

  it.each([
    ['no finish at all', []],
    ['one that the provider made up', [{ ...STOP, finishReason: { unified: 'other' as const, raw: undefined } }]],
    ['one that says so', [{ ...STOP, finishReason: { unified: 'interrupted' as never, raw: 'x' } }]],
  ])('with %s is a truncation', async (_what, end) => {
    const chunks = await run(answering([...says('Hel'), ...end]))
    expect(textOf(chunks)).toBe('Hel')
    expect(chunks.at(-1)).toMatchObject({ type: 'RUN_ERROR', code: 'truncated' })
  })

  it('is a failure after an error in the stream, whatever the connection did then', async () => {
    const failed = { type: 'error' as const, error: { type: 'overloaded_error', message: 'Overloaded' } }
    for (const rest of [[], [{ ...STOP, finishReason: { unified: 'error' as const, raw: undefined } }]]) {
      expect((await run(answering([...says('Hel'), failed, ...rest]))).at(-1)).toMatchObject({ code: 'provider_unavailable' })
    }
  })

  it('is the end also after an event that the provider could not read, of which the server hears', async () => {
    const onWarning = vi.fn()
    const error = new Error('Type validation failed')
    const chunks = await run(answering([...says('Hel'), { type: 'error', error }, ...says('lo'), STOP]), { options: { onWarning } })
    expect(textOf(chunks)).toBe('Hello')
    expect(chunks.at(-1)).toMatchObject({ type: 'RUN_FINISHED' })
    expect(onWarning.mock.calls).toEqual([[error]])
  })
})
