import { describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { answering, call, hanging, say, startCall, stop, toolCalls, yielding } from '../test/support/adapters.ts'
import { collect, customOf, outline, resultsOf, textOf } from '../test/support/collect.ts'
import { counter } from '../test/support/count.ts'
import { ai, type ChatOptions, type Chunk, type ModelAdapter, toolDefinition, ToolError, type ToolInput } from './index.ts'

const ask = [{ role: 'user' as const, content: '?' }]

/** A run, and what its log would hold. */
async function run(adapter: ModelAdapter, options: Partial<ChatOptions> = {}) {
  const failures: unknown[] = []
  const onError = (error: unknown) => void failures.push(error)
  const chunks = await collect(ai(adapter, { generateId: counter(), onError }).chat({ messages: ask, ...options }))
  return { chunks, failures, results: resultsOf(chunks), last: chunks.at(-1)! }
}

/** What one tool makes of one call. */
async function once(tool: ToolInput, input: unknown = {}) {
  const { chunks, failures, results } = await run(answering([...call('c', tool.name, input), toolCalls], [say('Done.'), stop]), { tools: [tool] })
  expect(textOf(chunks)).toBe('Done.')
  return { result: results['c'], failures }
}

const double = toolDefinition({ name: 'double', inputSchema: z.object({ n: z.number() }), outputSchema: z.object({ n: z.number() }) })

describe('a server tool', () => {
  it('runs, the model sees its result, and all of it is one run', async () => {
    const adapter = answering([say('Let me see.', 'm1'), ...call('c', 'double', { n: 4 }), toolCalls], [say('It is 8.', 'm2'), stop])
    const { chunks, last } = await run(adapter, { tools: [double.server(({ n }) => ({ n: n * 2 }))] })
    expect(outline(chunks)).toEqual([
      'RUN_STARTED',
      'TEXT_MESSAGE_START',
      'TEXT_MESSAGE_CONTENT Let me see.',
      'TEXT_MESSAGE_END',
      'TOOL_CALL_START double',
      'TOOL_CALL_ARGS {"n',
      'TOOL_CALL_ARGS ":4}',
      'TOOL_CALL_END',
      'TOOL_CALL_RESULT {"n":8}',
      'TEXT_MESSAGE_START',
      'TEXT_MESSAGE_CONTENT It is 8.',
      'TEXT_MESSAGE_END',
      'RUN_FINISHED',
    ])
    expect(last).toMatchObject({ outcome: { type: 'success' }, metadata: { finishReason: 'stop' } })
    expect(last).not.toHaveProperty('outcome.pendingToolCallIds')
    const [first, second] = adapter.requests
    expect(first?.messageId).not.toBe(second?.messageId)
    expect(second?.messages).toEqual([
      { id: 'id-1', role: 'user', content: '?' },
      { id: 'm1', role: 'assistant', content: 'Let me see.' },
      { id: first?.messageId, role: 'assistant', toolCalls: [{ id: 'c', type: 'function', function: { name: 'double', arguments: '{"n":4}' } }] },
      { id: expect.any(String) as string, role: 'tool', toolCallId: 'c', content: '{"n":8}' },
    ])
  })

  it('gets the input as its schema makes it, its call, and a signal that nobody has aborted', async () => {
    const execute = vi.fn((_input: { city: string; days: number }) => 'sunny')
    const tool = toolDefinition({ name: 'weather', inputSchema: z.object({ city: z.string(), days: z.number().default(3) }) })
    expect(await once(tool.server(execute), { city: 'Oslo', more: 1 })).toMatchObject({ result: 'sunny', failures: [] })
    expect(execute).toHaveBeenCalledWith(
      { city: 'Oslo', days: 3 },
      { toolCallId: 'c', signal: expect.any(AbortSignal) as AbortSignal, emit: expect.any(Function) as () => void },
    )
  })

  it.each<[unknown, string]>([
    ['text', 'text'],
    ['', ''],
    [{ a: [1] }, '{"a":[1]}'],
    [21, '21'],
    [undefined, 'null'],
    [null, 'null'],
  ])('that gives %j is answered with %j', async (output, content) => {
    expect((await once(toolDefinition({ name: 'f' }).server(() => output))).result).toBe(content)
  })

  it('is answered with what its schema makes of the result: defaults are in it, what the schema does not name is not', async () => {
    const outputSchema = z.object({ celsius: z.number(), unit: z.string().default('°C') })
    const tool = toolDefinition({ name: 'f', outputSchema }).server(() => ({ celsius: 3, key: 'secret' }))
    expect((await once(tool)).result).toBe('{"celsius":3,"unit":"°C"}')
  })

  it('whose arguments are empty gets an empty object', async () => {
    expect(
      (
        await once(
          toolDefinition({ name: 'f' }).server((input) => input),
          '',
        )
      ).result,
    ).toBe('{}')
  })

  it('reports progress while it runs, before its result', async () => {
    const tool = toolDefinition({ name: 'f' }).server((_input, { emit }) => {
      const progress = { done: 1 }
      emit(progress)
      progress.done = 2
      emit(progress)
      emit(undefined)
      return 'ok'
    })
    const { chunks } = await run(answering([...call('c', 'f'), toolCalls], [stop]), { tools: [tool] })
    expect(customOf(chunks, 'tool-progress')).toEqual([{ done: 1 }, { done: 2 }, null].map((progress) => ({ toolCallId: 'c', progress })))
    expect(outline(chunks).slice(-5)).toEqual(['CUSTOM', 'CUSTOM', 'CUSTOM', 'TOOL_CALL_RESULT ok', 'RUN_FINISHED'])
  })

  it('shows its progress as soon as it is there', async () => {
    let finish = () => {}
    const tool = toolDefinition({ name: 'f' }).server(async (_input, { emit }) => {
      emit('half')
      await new Promise<void>((resolve) => (finish = resolve))
      return 'ok'
    })
    const stream = ai(answering([...call('c', 'f'), toolCalls], [stop])).chat({ messages: ask, tools: [tool] })
    const seen: Chunk[] = []
    for await (const chunk of stream) {
      seen.push(chunk)
      if (chunk.type === 'CUSTOM') finish()
    }
    expect(outline(seen).slice(-3)).toEqual(['CUSTOM', 'TOOL_CALL_RESULT ok', 'RUN_FINISHED'])
  })

  it('that reports after its result is not heard', async () => {
    let late = (_progress: unknown) => {}
    let finish = () => {}
    const early = toolDefinition({ name: 'early' }).server((_input, { emit }) => void (late = emit))
    const slow = toolDefinition({ name: 'slow' }).server(() => new Promise<void>((resolve) => (finish = resolve)))
    const stream = ai(answering([...call('a', 'early'), ...call('b', 'slow'), toolCalls], [stop])).chat({ messages: ask, tools: [early, slow] })
    const types: string[] = []
    for await (const chunk of stream) {
      types.push(chunk.type)
      if (chunk.type !== 'TOOL_CALL_RESULT') continue
      late('too late')
      finish()
    }
    expect(types.slice(-3)).toEqual(['TOOL_CALL_RESULT', 'TOOL_CALL_RESULT', 'RUN_FINISHED'])
  })

  it('that reports what is no JSON has failed', async () => {
    const { result, failures } = await once(toolDefinition({ name: 'f' }).server((_input, { emit }) => emit(1n)))
    expect([result, failures]).toEqual(['Error: The tool failed.', [expect.any(TypeError)]])
  })
})

describe('several calls', () => {
  it('run at the same time, and their results come as they are ready', async () => {
    const started: string[] = []
    const gates = new Map<string, () => void>()
    const wait = toolDefinition({ name: 'wait', inputSchema: z.object({ id: z.string() }) }).server(async ({ id }) => {
      started.push(id)
      await new Promise<void>((resolve) => {
        gates.set(id, resolve)
        if (gates.size === 3) gates.get('c')!()
      })
      return id
    })
    const calls = ['a', 'b', 'c'].flatMap((id) => call(id, 'wait', { id }))
    const adapter = answering([...calls, toolCalls], [stop])
    const order: string[] = []
    for await (const chunk of ai(adapter).chat({ messages: ask, tools: [wait] })) {
      if (chunk.type !== 'TOOL_CALL_RESULT') continue
      // None has ended before all have begun.
      expect(started).toEqual(['a', 'b', 'c'])
      order.push(chunk.toolCallId)
      gates.get(chunk.toolCallId === 'c' ? 'a' : 'b')!()
    }
    expect(order).toEqual(['c', 'a', 'b'])
    // The model gets them in the order of its calls.
    expect(adapter.requests[1]?.messages.flatMap((message) => (message.role === 'tool' ? [message.toolCallId] : []))).toEqual(['a', 'b', 'c'])
  })

  it('of which the reader takes one chunk at a time lose none', async () => {
    const tool = toolDefinition({ name: 'f' }).server((_input, { emit, toolCallId }) => {
      for (let n = 0; n < 100; n++) emit(n)
      return toolCallId
    })
    const { chunks, results } = await run(answering([...call('a', 'f'), ...call('b', 'f'), toolCalls], [stop]), { tools: [tool] })
    expect(customOf(chunks, 'tool-progress')).toHaveLength(200)
    expect(results).toEqual({ a: 'a', b: 'b' })
  })

  it('may have names and ids such as __proto__ and constructor', async () => {
    const tools = ['__proto__', 'constructor'].map((name) => toolDefinition({ name }).server(() => name))
    const { chunks, last } = await run(
      answering([...call('__proto__', 'constructor'), ...call('toString', '__proto__'), ...call('x', 'valueOf'), toolCalls], [stop]),
      {
        tools,
      },
    )
    const results = chunks.flatMap((chunk) => (chunk.type === 'TOOL_CALL_RESULT' ? [[chunk.toolCallId, chunk.content]] : []))
    expect(new Map(results as [string, string][])).toEqual(
      new Map([
        ['__proto__', 'constructor'],
        ['toString', '__proto__'],
        ['x', 'There is no tool named "valueOf".'],
      ]),
    )
    expect(last).toMatchObject({ outcome: { type: 'success' } })
  })
})

describe('a call that fails', () => {
  const secret = new Error('password is hunter2')

  it.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw secret
      },
    ],
    ['rejects', () => Promise.reject(secret)],
  ])('because the tool %s says no more than that, to the model and to the client; the log gets all of it', async (_how, execute) => {
    expect(await once(toolDefinition({ name: 'f' }).server(execute))).toEqual({ result: 'Error: The tool failed.', failures: [secret] })
  })

  it('with a ToolError says what that says, also one of another copy of the library', async () => {
    for (const error of [new ToolError('No such city.'), Object.assign(new Error('No such city.'), { name: 'ToolError' })]) {
      const tool = toolDefinition({ name: 'f' }).server(() => Promise.reject(error))
      expect(await once(tool)).toEqual({ result: 'Error: No such city.', failures: [] })
    }
  })

  it('may be given another text by onError', async () => {
    const tool = toolDefinition({ name: 'f' }).server(() => Promise.reject(secret))
    const { results } = await run(answering([...call('c', 'f'), toolCalls], [stop]), { tools: [tool], onError: () => 'Ask again tomorrow.' })
    expect(results).toEqual({ c: 'Error: Ask again tomorrow.' })
  })

  it('is logged when nobody handles it', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {})
    const tool = toolDefinition({ name: 'f' }).server(() => Promise.reject(secret))
    await collect(ai(answering([...call('c', 'f'), toolCalls], [stop])).chat({ messages: ask, tools: [tool] }))
    expect(log).toHaveBeenCalledWith('[statechat] a tool failed:', secret)
    log.mockRestore()
  })

  it.each<[string, unknown, string]>([
    ['not JSON', '{"n":', 'Invalid input: the arguments are not valid JSON.'],
    ['of a wrong type', { n: 'four' }, 'Invalid input: n: Invalid input: expected number, received string'],
    ['no object', 'null', 'Invalid input: Invalid input: expected object, received null'],
  ])('because its arguments are %s says so, and nothing has run', async (_what, input, message) => {
    const execute = vi.fn(({ n }: { n: number }) => ({ n }))
    expect(await once(double.server(execute), input)).toEqual({ result: `Error: ${message}`, failures: [] })
    expect(execute).not.toHaveBeenCalled()
  })

  it('because the arguments do not fit plain JSON Schema names the place', async () => {
    const inputSchema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }
    const { result } = await once(
      toolDefinition({ name: 'f', inputSchema }).server(() => 'ok'),
      { city: 1 },
    )
    expect(result).toMatch(/^Error: Invalid input: city: /)
  })

  it('because there is no such tool says so', async () => {
    const { results, failures } = await run(answering([...call('c', 'g'), toolCalls], [stop]), { tools: [double.server(({ n }) => ({ n }))] })
    expect([results, failures]).toEqual([{ c: 'Error: There is no tool named "g".' }, []])
  })

  it('because its result does not fit the schema is the application’s mistake, which the log gets', async () => {
    const { result, failures } = await once(double.server((() => ({ n: 'secret' })) as never), { n: 1 })
    expect(result).toBe('Error: The tool failed.')
    expect(failures).toMatchObject([{ message: expect.stringContaining('double: the result does not fit its outputSchema: n:') as string }])
  })

  it('because its result is no JSON is one too', async () => {
    const { result, failures } = await once(toolDefinition({ name: 'f' }).server(() => 1n))
    expect([result, failures]).toEqual(['Error: The tool failed.', [expect.any(TypeError)]])
  })

  it('because its arguments are no JSON is in the history with empty ones, since providers refuse a history with such', async () => {
    const adapter = answering([...call('c', 'double', '{"n":'), ...call('d', 'double', ''), toolCalls], [stop])
    await run(adapter, { tools: [double.server(({ n }) => ({ n }))] })
    const [, assistant] = adapter.requests[1]?.messages ?? []
    expect(assistant).toMatchObject({
      toolCalls: [
        { id: 'c', function: { arguments: '{}' } },
        { id: 'd', function: { arguments: '{}' } },
      ],
    })
  })

  it('is told to the model with its reason', async () => {
    const adapter = answering([...call('c', 'g'), toolCalls], [stop])
    await run(adapter)
    expect(adapter.requests[1]?.messages.at(-1)).toMatchObject({
      role: 'tool',
      error: 'There is no tool named "g".',
      content: 'There is no tool named "g".',
    })
  })
})

describe('client tools', () => {
  const theme = toolDefinition({ name: 'set_theme', inputSchema: z.object({ dark: z.boolean() }) })
  const wire = { name: 'ask', description: 'Asks', parameters: { type: 'object' } }

  it.each<[string, ToolInput]>([
    ['declared', theme],
    ['declared for the client', theme.client(() => 'ok')],
    ['plain', { name: 'set_theme', inputSchema: { type: 'object' } }],
    ['of the request', { name: 'set_theme', description: '' }],
  ])('that are %s end the run, which names the calls and tells their input', async (_how, tool) => {
    const { chunks, last } = await run(answering([...call('c', 'set_theme', { dark: true }), toolCalls]), { tools: [tool] })
    expect(last).toMatchObject({ outcome: { type: 'success', pendingToolCallIds: ['c'] }, metadata: { finishReason: 'tool_calls' } })
    expect(customOf(chunks, 'tool-input-available')).toEqual([{ toolCallId: 'c', toolName: 'set_theme', input: { dark: true } }])
  })

  it('beside server tools: those run first, and only the client’s are left', async () => {
    const tools = [double.server(({ n }) => ({ n: n * 2 })), theme, wire]
    const { chunks, last } = await run(
      answering([...call('a', 'set_theme', { dark: true }), ...call('b', 'double', { n: 1 }), ...call('c', 'ask'), toolCalls]),
      {
        tools,
      },
    )
    expect(resultsOf(chunks)).toEqual({ b: '{"n":2}' })
    expect(last).toMatchObject({ outcome: { pendingToolCallIds: ['a', 'c'] } })
  })

  it('go on with the next request', async () => {
    const adapter = answering([say('Dark now.'), stop])
    const { last } = await run(adapter, {
      tools: [theme],
      messages: [
        ...ask,
        { id: 'a', role: 'assistant', toolCalls: [{ id: 'c', type: 'function', function: { name: 'set_theme', arguments: '{"dark":true}' } }] },
        { id: 't', role: 'tool', toolCallId: 'c', content: 'ok' },
      ],
    })
    expect(last).toMatchObject({ outcome: { type: 'success' } })
    expect(adapter.requests).toHaveLength(1)
  })

  it('whose arguments are bad are answered here: the model shall mend them, not the client', async () => {
    const adapter = answering([...call('a', 'set_theme', { dark: 'very' }), ...call('b', 'ask', '{"'), toolCalls], [stop])
    const { results, last } = await run(adapter, { tools: [theme, wire] })
    expect(results).toEqual({
      a: expect.stringContaining('Error: Invalid input: dark:') as string,
      b: 'Error: Invalid input: the arguments are not valid JSON.',
    })
    expect(last).toMatchObject({ outcome: { type: 'success' }, metadata: { finishReason: 'stop' } })
    expect(adapter.requests).toHaveLength(2)
  })
})

describe('an answer that is cut off', () => {
  it.each(['length', 'content_filter', 'error'] as const)('by %s runs nothing and ends the run', async (reason) => {
    const execute = vi.fn(() => 'ok')
    const adapter = answering([...call('a', 'f'), startCall('b', 'g'), { type: 'finish', reason }])
    const { results, last } = await run(adapter, { tools: [toolDefinition({ name: 'f' }).server(execute), { name: 'g', description: '' }] })
    expect(execute).not.toHaveBeenCalled()
    const error = 'Error: The call was not run: the answer was cut off.'
    expect(results).toEqual({ a: error, b: error })
    expect(last).toMatchObject({ type: 'RUN_FINISHED', outcome: { type: 'success', pendingToolCallIds: [] }, metadata: { finishReason: reason } })
    expect(adapter.requests).toHaveLength(1)
  })
})

describe('the number of steps', () => {
  const f = toolDefinition({ name: 'f' }).server(() => 'ok')
  let n = 0
  const tireless = (): ModelAdapter & { asked: () => number } => {
    let asked = 0
    return {
      name: 'tireless',
      defaultModel: 'x',
      asked: () => asked,
      async *stream() {
        asked += 1
        yield* call(`call-${++n}`, 'f')
        yield { type: 'finish', reason: 'tool_calls', usage: { provider: 'p', model: 'm', inputTokens: 2, outputTokens: 1 } }
      },
    }
  }

  it.each<[string, Partial<ChatOptions>, number]>([
    ['8 unless said otherwise', {}, 8],
    ['what maxSteps says', { maxSteps: 3 }, 3],
    ['1 at least', { maxSteps: 1 }, 1],
  ])('is %s; then the run fails and says what to raise, with its usage', async (_what, options, steps) => {
    const adapter = tireless()
    const { last, failures } = await run(adapter, { tools: [f], ...options })
    expect(adapter.asked()).toBe(steps)
    expect(last).toMatchObject({
      type: 'RUN_ERROR',
      code: 'max_steps',
      message: expect.stringContaining('Raise maxSteps') as string,
      metadata: { retryable: false },
      usage: [{ inputTokens: 2 * steps, outputTokens: steps }],
    })
    expect(failures).toMatchObject([{ name: 'RunFailure', code: 'max_steps' }])
  })

  it('may be ended by stopWhen, which sees every step with its calls', async () => {
    const seen: unknown[] = []
    const { last } = await run(answering([say('One.'), ...call('a', 'f', { x: 1 }), toolCalls], [...call('b', 'g'), toolCalls]), {
      tools: [f],
      stopWhen: async ({ steps }) => {
        seen.push(steps)
        return steps.length === 2
      },
    })
    const first = { text: 'One.', toolCalls: [{ toolCallId: 'a', toolName: 'f', input: { x: 1 }, output: 'ok' }], finishReason: 'tool_calls' }
    const error = 'There is no tool named "g".'
    const second = { text: '', toolCalls: [{ toolCallId: 'b', toolName: 'g', input: {}, output: error, error }], finishReason: 'tool_calls' }
    expect(seen).toEqual([[first], [first, second]])
    expect(last).toMatchObject({
      type: 'RUN_FINISHED',
      outcome: { type: 'success', pendingToolCallIds: [] },
      metadata: { finishReason: 'tool_calls' },
    })
  })

  it('is not asked for after an answer without calls, or with calls that are not answered', async () => {
    const stopWhen = vi.fn(() => true)
    await run(answering([say('Hi'), stop]), { stopWhen })
    await run(answering([...call('a', 'c'), toolCalls]), { stopWhen, tools: [{ name: 'c', description: '' }] })
    expect(stopWhen).not.toHaveBeenCalled()
  })

  it('does not hang on a stopWhen that does', async () => {
    const controller = new AbortController()
    const { last } = await run(answering([...call('a', 'f'), toolCalls]), {
      tools: [f],
      signal: controller.signal,
      stopWhen: () => {
        controller.abort()
        return new Promise(() => {})
      },
    })
    expect(last).toMatchObject({ outcome: { type: 'cancelled' } })
  })
})

describe('the usage of a run', () => {
  it('is that of all its steps, per provider and model, also when it fails', async () => {
    const usage = (model: string, inputTokens: number) => ({ provider: 'p', model, inputTokens })
    const steps = [
      [...call('a', 'f'), { ...toolCalls, usage: usage('x', 1) }],
      [...call('b', 'f'), { ...toolCalls, usage: usage('y', 2) }],
      [...call('c', 'f'), { ...toolCalls, usage: usage('x', 4) }],
    ]
    const tools = [toolDefinition({ name: 'f' }).server(() => 'ok')]
    const expected = [usage('x', 5), usage('y', 2)]
    expect((await run(answering(...steps, [stop]), { tools })).last).toMatchObject({ type: 'RUN_FINISHED', usage: expected })
    expect((await run(answering(...steps, [new Error('down')]), { tools })).last).toMatchObject({
      type: 'RUN_ERROR',
      code: 'internal',
      usage: expected,
    })
  })
})

describe('an abort while tools run', () => {
  it('ends the run at once, though a tool ignores its signal, and every tool is told', async () => {
    const controller = new AbortController()
    const signals: AbortSignal[] = []
    const deaf = toolDefinition({ name: 'deaf' }).server((_input, { signal }) => {
      signals.push(signal)
      return new Promise(() => {})
    })
    const loud = toolDefinition({ name: 'loud' }).server((_input, { signal }) => {
      signals.push(signal)
      controller.abort()
      throw new Error('aborted')
    })
    const adapter = answering([...call('a', 'deaf'), ...call('b', 'loud'), { ...toolCalls, usage: { model: 'x', inputTokens: 1 } }], [stop])
    const { chunks, failures, last } = await run(adapter, { tools: [deaf, loud], signal: controller.signal })
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true])
    expect(last).toMatchObject({ type: 'RUN_FINISHED', outcome: { type: 'cancelled' }, usage: [{ inputTokens: 1 }] })
    expect(resultsOf(chunks)).toEqual({})
    expect(failures).toEqual([])
    expect(adapter.requests).toHaveLength(1)
  })

  it.each(['break', 'return while it waits'])('by %s tells the tools too', async (how) => {
    let signal: AbortSignal | undefined
    const deaf = toolDefinition({ name: 'deaf' }).server((_input, context) => {
      signal = context.signal
      context.emit('on it')
      return new Promise(() => {})
    })
    const stream = ai(answering([...call('a', 'deaf'), toolCalls])).chat({ messages: ask, tools: [deaf] })
    if (how === 'break') {
      for await (const chunk of stream) if (chunk.type === 'CUSTOM') break
    } else {
      while ((await stream.next()).value?.type !== 'CUSTOM');
      const pending = stream.next()
      await stream.return()
      await pending
    }
    expect(signal?.aborted).toBe(true)
  })

  it('that comes before any tool runs none', async () => {
    const controller = new AbortController()
    const execute = vi.fn()
    const stream = ai(answering([...call('a', 'f'), toolCalls])).chat({
      messages: ask,
      tools: [toolDefinition({ name: 'f' }).server(execute)],
      signal: controller.signal,
    })
    const types: string[] = []
    for await (const { type } of stream) {
      types.push(type)
      if (type === 'TOOL_CALL_END') controller.abort()
    }
    expect(types.at(-1)).toBe('RUN_FINISHED')
    expect(execute).not.toHaveBeenCalled()
  })
})

describe('a tool that has to be called', () => {
  it.each([['required'], [{ name: 'f' }]] as const)('(%j) has to be called once, not for ever', async (toolChoice) => {
    const adapter = answering([...call('a', 'f'), toolCalls], [...call('b', 'f'), toolCalls], [stop])
    await run(adapter, { tools: [toolDefinition({ name: 'f' }).server(() => 'ok')], toolChoice })
    expect(adapter.requests.map((request) => request.toolChoice)).toEqual([toolChoice, undefined, undefined])
  })

  it('is not, where none may be', async () => {
    const adapter = answering([...call('a', 'f'), toolCalls], [stop])
    await run(adapter, { tools: [toolDefinition({ name: 'f' }).server(() => 'ok')], toolChoice: 'none' })
    expect(adapter.requests.map((request) => request.toolChoice)).toEqual(['none', 'none'])
  })
})

describe('what a model needs back', () => {
  it('are its thoughts, their seals and its metadata, in its order', async () => {
    const adapter = answering(
      [
        { type: 'REASONING_START', messageId: 'span' },
        { type: 'REASONING_MESSAGE_START', messageId: 'r', role: 'reasoning', metadata: { a: 1 } },
        { type: 'REASONING_MESSAGE_CONTENT', messageId: 'r', delta: 'hm' },
        { type: 'REASONING_MESSAGE_END', messageId: 'r', metadata: { b: 2 } },
        { type: 'REASONING_ENCRYPTED_VALUE', subtype: 'message', entityId: 'r', encryptedValue: 'sealed' },
        { type: 'REASONING_END', messageId: 'span' },
        { type: 'TEXT_MESSAGE_START', messageId: 'm', metadata: { phase: 'x' } },
        say('So.'),
        { type: 'TOOL_CALL_START', toolCallId: 'c', toolCallName: 'f', parentMessageId: 'm', metadata: { signature: 's' } },
        { type: 'TOOL_CALL_END', toolCallId: 'c' },
        { type: 'REASONING_ENCRYPTED_VALUE', subtype: 'tool-call', entityId: 'c', encryptedValue: 'sealed too' },
        toolCalls,
      ],
      [stop],
    )
    await run(adapter, { tools: [toolDefinition({ name: 'f' }).server(() => 'ok')] })
    expect(adapter.requests[1]?.messages.slice(1)).toEqual([
      { id: 'r', role: 'reasoning', content: 'hm', encryptedValue: 'sealed', metadata: { a: 1, b: 2 } },
      {
        id: 'm',
        role: 'assistant',
        content: 'So.',
        metadata: { phase: 'x' },
        toolCalls: [
          { id: 'c', type: 'function', function: { name: 'f', arguments: '{}' }, metadata: { signature: 's' }, encryptedValue: 'sealed too' },
        ],
      },
      { id: expect.any(String) as string, role: 'tool', toolCallId: 'c', content: 'ok' },
    ])
  })

  it('is nothing of calls that the provider ran itself: such an answer is the last', async () => {
    const adapter = answering([
      ...call('c', 'search'),
      { type: 'TOOL_CALL_RESULT', messageId: 'r', toolCallId: 'c', content: 'found' },
      say('Found.'),
      stop,
    ])
    const { last } = await run(adapter)
    expect(adapter.requests).toHaveLength(1)
    expect(last).toMatchObject({ outcome: { type: 'success' }, metadata: { finishReason: 'stop' } })
  })

  it('is nothing of such calls either where they were the last thing it did, and nobody is waited for', async () => {
    const own = { type: 'TOOL_CALL_RESULT', messageId: 'r', toolCallId: 'c', content: 'found' } as const
    const { last } = await run(answering([...call('c', 'search'), own, toolCalls]))
    expect(last).toMatchObject({ outcome: { type: 'success', pendingToolCallIds: [] }, metadata: { finishReason: 'tool_calls' } })
  })

  it('are the results of the provider’s own calls beside ours', async () => {
    const own = { type: 'TOOL_CALL_RESULT', messageId: 'r', toolCallId: 'p', content: 'found' } as const
    const adapter = answering([...call('p', 'search'), own, ...call('c', 'f'), toolCalls], [stop])
    await run(adapter, { tools: [toolDefinition({ name: 'f' }).server(() => 'ok')] })
    expect(adapter.requests[1]?.messages.slice(2).map(({ content }) => content)).toEqual(['found', 'ok'])
  })
})

describe('the tools of a run', () => {
  const f = toolDefinition({ name: 'f', description: 'F', inputSchema: z.object({ x: z.string() }), metadata: { icon: 'x' } })
  const wire = { name: 'f', description: 'of the client' }

  it('are those of ai() and those of the call, each as JSON Schema', async () => {
    const adapter = yielding(stop)
    await collect(
      ai(adapter, { tools: [f.server(() => '')] }).chat({ messages: ask, tools: [{ name: 'g', description: 'G', parameters: {} }, { name: 'h' }] }),
    )
    expect(adapter.requests[0]?.tools).toEqual([
      {
        name: 'f',
        description: 'F',
        metadata: { icon: 'x' },
        parameters: expect.objectContaining({ type: 'object', properties: { x: { type: 'string' } }, required: ['x'] }) as object,
      },
      { name: 'g', description: 'G', parameters: {} },
      { name: 'h', description: '' },
    ])
  })

  it('of the request give way to declared ones of the same name, wherever they stand', async () => {
    for (const tools of [
      [wire, f.server(() => 'ours')],
      [f.server(() => 'ours'), wire],
    ]) {
      const adapter = answering([...call('c', 'f', { x: '' }), toolCalls], [stop])
      const { results } = await run(adapter, { tools })
      expect(results).toEqual({ c: 'ours' })
      expect(adapter.requests[0]?.tools.map(({ description }) => description)).toEqual(['F'])
    }
  })

  it.each<[string, ToolInput[], string]>([
    ['two declared ones of one name', [f, f.server(() => '')], 'Two tools are named "f"'],
    ['a server tool without a function', [f.server()], 'The tool "f" runs on the server and has no function'],
  ])('cannot be %s', (_what, tools, message) => {
    expect(() => ai(yielding(stop)).chat({ messages: ask, tools })).toThrow(
      expect.objectContaining({ code: 'misuse', message: expect.stringContaining(message) as string }),
    )
  })

  it('cannot be two of one name from the request, which is the client’s mistake', () => {
    expect(() => ai(yielding(stop)).chat({ messages: ask, tools: [f.server(() => ''), { ...wire, name: 'g' }, { ...wire, name: 'g' }] })).toThrow(
      expect.objectContaining({ name: 'ChatRequestError', field: 'tools[2].name' }),
    )
  })
})

it('a model that hangs after tools have run is left by an abort', async () => {
  const controller = new AbortController()
  const silent = hanging()
  const first = answering([...call('a', 'f'), toolCalls])
  let asked = 0
  const adapter: ModelAdapter = { name: 'x', defaultModel: 'x', stream: (request) => (asked++ === 0 ? first : silent).stream(request) }
  const stream = ai(adapter).chat({ messages: ask, tools: [toolDefinition({ name: 'f' }).server(() => 'ok')], signal: controller.signal })
  const types: string[] = []
  for await (const { type } of stream) {
    types.push(type)
    if (type === 'TOOL_CALL_RESULT') controller.abort()
  }
  expect(types.at(-1)).toBe('RUN_FINISHED')
})
