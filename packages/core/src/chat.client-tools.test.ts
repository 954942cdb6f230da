import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { chatTest, FINISHED, opening, STARTED, user } from '../test/chat-kit.ts'
import { settled, toolCall } from '../testing/index.ts'
import { createChat } from './create-chat.ts'
import { isChatError } from './errors.ts'
import type { ClientTool, ToolContext } from './tool/tool.ts'
import { toolDefinition } from './tool/tool-definition.ts'
import type { ToolCallPart, UIMessage } from './transcript/message.ts'

/** A client tool whose calls are ended by hand. */
function byHand(options: Partial<ClientTool> = {}) {
  const calls: { input: unknown; context: ToolContext; end(output: unknown): Promise<void>; fail(error: Error): Promise<void> }[] = []
  const tool: ClientTool = {
    name: 'look',
    execute: (input, context) =>
      new Promise((resolve, reject) => {
        calls.push({
          input,
          context,
          end: (output) => (resolve(output), settled()),
          fail: (error) => (reject(error), settled()),
        })
      }),
    ...options,
  }
  return { tool, calls }
}

type Options = Parameters<typeof chatTest>[0]

/** A chat whose first run ended with these calls of `look`. */
async function called(tool: ClientTool, inputs: readonly unknown[], options: Options = {}) {
  const test = chatTest({ tools: [tool], ...options })
  await test.ask('Q')
  await test.connection.run.push(STARTED, ...inputs.flatMap((input, i) => toolCall(`c${i + 1}`, tool.name, input)), FINISHED)
  await test.connection.run.close()
  await settled()
  const call = (id: string) =>
    test.chat
      .getSnapshot()
      .messages.flatMap(({ parts }) => parts)
      .find((part): part is ToolCallPart => part.type === 'tool-call' && part.id === id)
  const results = () => test.connection.run.context.input.messages.filter(({ role }) => role === 'tool')
  return { ...test, call, results }
}

describe('a client tool with execute', () => {
  it('runs in parallel with others, and the last result starts the next run with all of them', async () => {
    const { tool, calls } = byHand()
    const { connection, shown, results, where } = await called(tool, [{ n: 1 }, { n: 2 }])
    expect(calls.map(({ input }) => input)).toEqual([{ n: 1 }, { n: 2 }])
    expect(shown()).toBe('Q {look:executing}{look:executing}')
    await calls[1]!.end({ seen: 2 })
    expect(shown()).toBe('Q {look:executing}{look:complete}')
    expect(connection.runs).toHaveLength(1)
    await calls[0]!.end('one')
    expect(where()).toBe('streaming/connecting')
    expect(results()).toMatchObject([
      { toolCallId: 'c1', content: 'one' },
      { toolCallId: 'c2', content: '{"seen":2}' },
    ])
  })
  it('gets its input as the schema makes it', async () => {
    const { tool, calls } = byHand({ inputSchema: z.object({ city: z.string(), days: z.number().default(3) }) })
    await called(tool, [{ city: 'Oslo' }])
    expect(calls[0]!.input).toEqual({ city: 'Oslo', days: 3 })
  })
  it('does not run with an input that its schema refuses; the model is told why', async () => {
    const { tool, calls } = byHand({ inputSchema: z.object({ city: z.string('a city, please') }) })
    const { results } = await called(tool, [{ city: 7 }])
    expect(calls).toEqual([])
    expect(results()).toMatchObject([{ content: 'Invalid input: city: a city, please', error: 'Invalid input: city: a city, please' }])
  })
  it('is held to plain JSON Schema, too', async () => {
    const { tool, calls } = byHand({ inputSchema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } })
    const { connection } = await called(tool, [{}])
    await expect.poll(() => connection.runs.length).toBe(2)
    expect(calls).toEqual([])
    expect(connection.run.context.input.messages.at(-1)).toMatchObject({ role: 'tool', error: expect.stringMatching(/^Invalid input: .*"city"/) })
  })
  it('that throws gives the model its message', async () => {
    const { tool, calls } = byHand()
    const { call, results } = await called(tool, [{}])
    await calls[0]!.fail(new Error('no camera'))
    expect(call('c1')).toMatchObject({ state: 'error', error: 'no camera' })
    expect(results()).toMatchObject([{ content: 'no camera', error: 'no camera' }])
  })
  it('whose output its schema refuses is an error and a warning', async () => {
    const { tool, calls } = byHand({ outputSchema: z.object({ seen: z.number() }) })
    const { call, log } = await called(tool, [{}])
    await calls[0]!.end({ seen: 'a cat' })
    expect(call('c1')).toMatchObject({ state: 'error', error: expect.stringContaining('seen') })
    expect(log).toContain('onWarning tool_failed (streaming)')
  })
  it('reports progress, which nothing shows after its end', async () => {
    const { tool, calls } = byHand()
    const { call } = await called(tool, [{}])
    calls[0]!.context.emit({ percent: 40 })
    expect(call('c1')).toMatchObject({ state: 'executing', progress: { percent: 40 } })
    await calls[0]!.end('done')
    calls[0]!.context.emit({ percent: 99 })
    expect(call('c1')).toMatchObject({ state: 'complete', progress: { percent: 40 } })
  })
  it('that takes longer than its limit is aborted, and its late result is not heard', async () => {
    const { tool, calls } = byHand({ timeoutMs: 1000 })
    const { call, clock, connection } = await called(tool, [{}])
    clock.increment(999)
    expect(call('c1')?.state).toBe('executing')
    clock.increment(1)
    expect(calls[0]!.context.signal.aborted).toBe(true)
    expect(call('c1')).toMatchObject({ state: 'error', error: 'The tool took too long and was aborted.' })
    await calls[0]!.end('late')
    expect(call('c1')?.state).toBe('error')
    expect(connection.runs).toHaveLength(2)
  })
  it('stopped with the turn is aborted; its result starts nothing', async () => {
    const { tool, calls } = byHand()
    const { chat, connection, shown, where } = await called(tool, [{}])
    chat.stop()
    expect(calls[0]!.context.signal.aborted).toBe(true)
    await calls[0]!.end('late')
    expect(where()).toBe('stopped')
    expect(shown()).toBe('Q {look:cancelled}')
    expect(connection.runs).toHaveLength(1)
  })
  it('is aborted when the chat is disposed of', async () => {
    const { tool, calls } = byHand()
    const { chat } = await called(tool, [{}])
    chat.dispose()
    expect(calls[0]!.context.signal.aborted).toBe(true)
  })
  it('has an actor with a name that can be read', async () => {
    const { tool } = byHand()
    const { chat } = await called(tool, [{}, {}])
    expect(Object.keys(chat.actor.getSnapshot().children)).toEqual(['tool:look:c1', 'tool:look:c2'])
    chat.stop()
    expect(Object.keys(chat.actor.getSnapshot().children)).toEqual([])
  })
  it('gives way to an answer by addToolResult', async () => {
    const { tool, calls } = byHand()
    const { chat, call } = await called(tool, [{}])
    chat.addToolResult({ toolCallId: 'c1', output: 'mine' })
    expect(calls[0]!.context.signal.aborted).toBe(true)
    await calls[0]!.end('its')
    expect(call('c1')).toMatchObject({ output: 'mine' })
  })
  it('may give nothing: the answer is null', async () => {
    const { tool, calls } = byHand()
    const { call, results } = await called(tool, [{}])
    await calls[0]!.end(undefined)
    expect(call('c1')).toMatchObject({ state: 'complete', output: null })
    expect(results()).toMatchObject([{ content: 'null' }])
  })
  it('runs once for a call that is asked again under the same id in one message only if it is a new call', async () => {
    const { tool, calls } = byHand()
    const { connection, shown } = await called(tool, [{ n: 1 }])
    await calls[0]!.end(1)
    await connection.run.push(STARTED, ...toolCall('c1', 'look', { n: 2 }), FINISHED)
    await connection.run.close()
    await settled()
    expect(calls.map(({ input }) => input)).toEqual([{ n: 1 }, { n: 2 }])
    await calls[1]!.end(2)
    expect(shown()).toBe('Q {look:complete}{look:complete}')
  })
})

describe('onToolCall', () => {
  it('hears each call of the client once, and may await addToolResult in it', async () => {
    const heard: string[] = []
    const after: string[] = []
    const test = chatTest({
      tools: [{ name: 'ask' }],
      async onToolCall({ id, input }) {
        heard.push(`${id} ${JSON.stringify(input)}`)
        await test.chat.addToolResult({ toolCallId: id, output: 'yes' })
        after.push(id)
      },
    })
    await test.ask('Q')
    await test.connection.run.push(STARTED, ...toolCall('c1', 'ask', { n: 1 }), ...toolCall('c2', 'ask', { n: 2 }), FINISHED)
    await test.connection.run.close()
    await settled()
    expect(heard).toEqual(['c1 {"n":1}', 'c2 {"n":2}'])
    expect(after).toEqual(['c1', 'c2'])
    expect(test.shown()).toBe('Q {ask:complete}{ask:complete}')
    expect(test.connection.runs).toHaveLength(2)
    expect(test.connection.run.context.input.messages.filter(({ role }) => role === 'tool')).toMatchObject([
      { toolCallId: 'c1', content: 'yes' },
      { toolCallId: 'c2', content: 'yes' },
    ])
  })
})

describe('a client tool that needs approval', () => {
  it('asks first, and runs when a person agrees', async () => {
    const { tool, calls } = byHand({ needsApproval: true })
    const { chat, call, where, connection } = await called(tool, [{ n: 1 }])
    expect(call('c1')).toMatchObject({ state: 'approval-requested', approval: { needsApproval: true } })
    expect(where()).toBe('tool-calling/local')
    await chat.approve('c1')
    await settled()
    expect(call('c1')).toMatchObject({ state: 'executing', approval: { approved: true } })
    await calls[0]!.end('done')
    expect(call('c1')?.state).toBe('complete')
    expect(connection.run.context.resume).toBeUndefined()
  })
  it('asks only for the inputs that need it', async () => {
    const { tool, calls } = byHand({ needsApproval: async ({ n }: { n: number }) => n > 1 })
    const { call } = await called(tool, [{ n: 1 }, { n: 2 }])
    expect(calls.map(({ input }) => input)).toEqual([{ n: 1 }])
    expect(call('c2')?.state).toBe('approval-requested')
  })
  it('is not run when a person refuses; the model is told why', async () => {
    const { tool, calls } = byHand({ needsApproval: true })
    const { chat, call, results } = await called(tool, [{}])
    chat.deny(call('c1')!.approval!.id, 'too risky')
    await settled()
    expect(calls).toEqual([])
    expect(call('c1')).toMatchObject({ state: 'cancelled', approval: { approved: false, reason: 'too risky' } })
    expect(results()).toMatchObject([{ toolCallId: 'c1', error: 'The user denied this call: too risky' }])
  })
  it('runs with the input that a person wrote instead, which the next request carries', async () => {
    const { tool, calls } = byHand({ needsApproval: true, inputSchema: z.object({ to: z.string() }) })
    const { chat, call, connection } = await called(tool, [{ to: 'all' }])
    await expect(chat.approve('c1', { editedInput: { to: 5 } })).rejects.toSatisfy((error) => isChatError(error) && error.code === 'invalid_input')
    expect(call('c1')?.state).toBe('approval-requested')
    await chat.approve('c1', { editedInput: { to: 'Ada' } })
    await settled()
    expect(calls[0]!.input).toEqual({ to: 'Ada' })
    await calls[0]!.end('sent')
    const assistant = connection.run.context.input.messages.find(({ role }) => role === 'assistant')
    expect(assistant).toMatchObject({ toolCalls: [{ function: { arguments: '{"to":"Ada"}' } }] })
  })
  it('is asked for several at once: the next run waits for all', async () => {
    const { tool, calls } = byHand({ needsApproval: true })
    const { chat, connection } = await called(tool, [{}, {}, {}])
    await chat.approve('c2')
    chat.deny('c1')
    await settled()
    await calls[0]!.end('two')
    expect(connection.runs).toHaveLength(1)
    chat.deny('c3')
    await settled()
    expect(connection.runs).toHaveLength(2)
  })
  it('answers twice with a warning, and runs once', async () => {
    const { tool, calls } = byHand({ needsApproval: true })
    const { chat, log } = await called(tool, [{}])
    await chat.approve('c1')
    await chat.approve('c1')
    await settled()
    expect(calls).toHaveLength(1)
    expect(log).toContain('onWarning ignored_event (tool-calling)')
  })
  it('whose question cannot be decided is an error', async () => {
    const needsApproval = () => {
      throw new Error('no idea')
    }
    const { call } = await called(byHand({ needsApproval }).tool, [{}])
    expect(call('c1')).toMatchObject({ state: 'error', error: 'no idea' })
  })
})

describe('a conversation that was stored in the middle of tool-calling', () => {
  const stored = (part: Partial<ToolCallPart>): UIMessage[] => [
    user('Q'),
    {
      id: 'A',
      role: 'assistant',
      parts: [{ type: 'tool-call', id: 'c1', name: 'look', arguments: '{}', state: 'input-complete', input: {}, ...part } as ToolCallPart],
    },
  ]
  it('runs a call that has no result when a view shows it, and goes on', async () => {
    const { tool, calls } = byHand()
    const { chat, connection, where } = chatTest({ tools: [tool], initialMessages: stored({}) })
    expect(calls).toEqual([])
    chat.attach()
    chat.attach()
    await settled()
    expect(where()).toBe('tool-calling/local')
    expect(calls).toHaveLength(1)
    await calls[0]!.end('seen')
    expect(connection.runs).toHaveLength(1)
    expect(connection.run.context.input.messages.at(-1)).toMatchObject({ role: 'tool', content: 'seen' })
  })
  it('never runs a call that has a result', async () => {
    const { tool, calls } = byHand()
    const { chat, where } = chatTest({ tools: [tool], initialMessages: stored({ state: 'complete', output: 1 } as Partial<ToolCallPart>) })
    chat.attach()
    await settled()
    expect(where()).toBe('idle/ready')
    expect(calls).toEqual([])
  })
  it('keeps an approval that was open, and answers it', async () => {
    const { tool, calls } = byHand({ needsApproval: true })
    const asks = { state: 'approval-requested', approval: { id: 'p', needsApproval: true } } as Partial<ToolCallPart>
    const { chat, shown } = chatTest({ tools: [tool], initialMessages: () => stored(asks) })
    chat.attach()
    await settled()
    expect(shown()).toBe('Q {look:approval-requested}')
    await chat.approve('p')
    await settled()
    expect(calls).toHaveLength(1)
  })
  it('does not run again what was running: nobody knows what it did', async () => {
    const { tool, calls } = byHand()
    const { chat, connection } = chatTest({ tools: [tool], initialMessages: stored({ state: 'executing' } as Partial<ToolCallPart>) })
    chat.attach()
    await settled()
    expect(calls).toEqual([])
    expect(connection.run.context.input.messages.at(-1)).toMatchObject({ role: 'tool', error: expect.stringContaining('was closed') })
  })
  it('runs a call in one of two tabs', async () => {
    const held = new Set<string>()
    const locks = {
      async request(name: string, _: { ifAvailable: true }, hold: (lock: unknown) => Promise<void>) {
        if (held.has(name)) return hold(null)
        held.add(name)
        await hold({ name })
        held.delete(name)
      },
    }
    const { tool, calls } = byHand()
    const options = { tools: [tool], locks, threadId: 'thread' }
    const first = chatTest({ ...options, initialMessages: stored({}) })
    const second = chatTest({ ...options, initialMessages: stored({}) })
    first.chat.attach()
    second.chat.attach()
    await settled()
    expect(calls).toHaveLength(1)
    expect([first.shown(), second.shown()]).toEqual(['Q {look:executing}', 'Q {look:input-complete}'])
    // A tab that closed gives its locks back.
    first.chat.dispose()
    await settled()
    expect(held).toEqual(new Set())
  })
})

describe('tools of other kinds', () => {
  it('a server tool is known for its types only: neither offered nor waited for', async () => {
    const { connection, ask, where } = chatTest({ tools: [toolDefinition({ name: 'weather' }).server()] })
    await ask('Q')
    expect(connection.run.context.input.tools).toEqual([])
    await connection.run.push(STARTED, ...toolCall('c', 'weather', {}), { ...FINISHED, metadata: { finishReason: 'stop' } } as never)
    await connection.run.close()
    expect(where()).toBe('idle/ready')
  })
  it('two of one name are refused at construction, and later', () => {
    const two = [toolDefinition({ name: 'a' }).client(), toolDefinition({ name: 'a' }).server()]
    const { chat, connection } = chatTest()
    expect(() => createChat({ connection, tools: two })).toThrow(/Two tools are named "a"/)
    expect(() => chat.updateOptions({ tools: two })).toThrow(/Two tools are named "a"/)
  })
  it('a result for another tool than the call is of is refused', async () => {
    const { chat } = await called({ name: 'ask' }, [{}])
    expect(() => chat.addToolResult({ toolCallId: 'c1', tool: 'look', output: 1 })).toThrow(/one of ask, not of look/)
  })
  it('ids and names like __proto__ are plain data', async () => {
    const { tool, calls } = byHand({ name: 'constructor' })
    const test = chatTest({ tools: [tool] })
    await test.ask('Q')
    await test.connection.run.push(...opening('__proto__', 'x'), ...toolCall('__proto__', 'constructor', { ['__proto__']: 1 }), FINISHED)
    await test.connection.run.close()
    await settled()
    expect(test.shown()).toBe('Q x{constructor:executing}')
    await calls[0]!.end('ok')
    expect(test.connection.run.context.input.messages.at(-1)).toMatchObject({ toolCallId: '__proto__', content: 'ok' })
  })
})
