import { describe, expect, it } from 'vitest'
import { chatTest, delta, FINISHED, isSettled, opening, STARTED } from '../test/chat-kit.ts'
import { settled, text, toolCall, toolResult } from '../testing/index.ts'
import type { Chunk } from './protocol/chunk.ts'

const tools = [{ name: 'ask', description: 'Asks the person', inputSchema: { type: 'object' } }, { name: 'pick' }]
const finishedWith = (outcome: unknown): Chunk => ({ ...FINISHED, outcome }) as Chunk

describe('a tool of the client', () => {
  it('is offered to the model with each request', async () => {
    const { connection, ask } = chatTest({ tools })
    await ask('Q')
    expect(connection.run.context.input.tools).toEqual([
      { name: 'ask', description: 'Asks the person', parameters: { type: 'object' } },
      { name: 'pick', description: '' },
    ])
    expect(connection.run.context.clientTools.map(({ name }) => name)).toEqual(['ask', 'pick'])
  })
  it('waits for its answer in tool-calling/local, and the answer starts the next run with the tool message in the request', async () => {
    const { chat, connection, where, shown, answer, log } = chatTest({ tools })
    const turn = chat.sendMessage({ content: 'Q', id: 'Q' })
    await settled()
    await connection.run.push(STARTED, ...text('a', 'Wait. '), ...toolCall('c', 'ask', { n: 1 }), FINISHED)
    expect(where()).toBe('tool-calling/remote')
    await connection.run.close()
    expect(where()).toBe('tool-calling/local')
    expect(chat.getSnapshot().isLoading).toBe(true)
    expect(shown()).toBe('Q Wait. {ask:input-complete}')
    expect(connection.open).toBe(0)

    chat.addToolResult({ toolCallId: 'c', output: { answer: 42 } })
    expect(where()).toBe('streaming/connecting')
    expect(shown()).toBe('Q Wait. {ask:complete}')
    await settled()
    const [first, second] = connection.runs
    expect(second!.context.parentRunId).toBe(first!.context.runId)
    expect(second!.context.runId).not.toBe(first!.context.runId)
    expect(second!.context.input).toMatchObject({
      parentRunId: first!.context.runId,
      messages: [
        { id: 'Q', role: 'user', content: 'Q' },
        { role: 'assistant', content: 'Wait. ', toolCalls: [{ id: 'c', function: { name: 'ask', arguments: '{"n":1}' } }] },
        { role: 'tool', toolCallId: 'c', content: '{"answer":42}' },
      ],
    })
    expect(await isSettled(turn)).toBe(false)
    await answer('b', 'It is 42.')
    expect(await turn).toMatchObject({ outcome: 'finished' })
    expect(shown()).toBe('Q Wait. {ask:complete}It is 42.')
    expect(log).toEqual(['onFinish Wait. {ask:complete}It is 42. (idle)'])
  })
  it('waits with nothing open: the run that asked is over, and the next one is the only one', async () => {
    const { chat, connection, ask } = chatTest({ tools })
    const children = () => Object.keys(chat.actor.getSnapshot().children)
    await ask('Q')
    await connection.run.push(STARTED, ...toolCall('c', 'ask', {}), FINISHED)
    await connection.run.close()
    expect(connection.runs[0]!.signal.aborted).toBe(true)
    expect(children()).toEqual(['tool:ask:c'])
    chat.addToolResult({ toolCallId: 'c', output: 1 })
    await settled()
    expect(children()).toEqual([`run:${chat.getSnapshot().runId}`])
  })
  it('that needs no answer leaves the run before it closed, when the next one starts', async () => {
    const { chat, connection, ask } = chatTest({ tools })
    await ask('Q')
    await connection.run.push(STARTED, ...toolCall('c', 'ask', {}))
    chat.addToolResult({ toolCallId: 'c', output: 1 })
    await connection.run.push(FINISHED)
    await connection.run.close()
    expect(connection.runs.map(({ signal }) => signal.aborted)).toEqual([true, false])
    expect(Object.values(chat.actor.getSnapshot().children)).toHaveLength(1)
  })
  it('adds the tokens of the runs of its turn up, and starts from nothing in the next turn', async () => {
    const { chat, connection, ask } = chatTest({ tools })
    const finished = { ...FINISHED, usage: [{ model: 'm', outputTokens: 1 }] } as Chunk
    await ask('Q')
    await connection.run.push(STARTED, ...toolCall('c', 'ask', {}), finished)
    await connection.run.close()
    chat.addToolResult({ toolCallId: 'c', output: 1 })
    await settled()
    await connection.run.push(STARTED, finished)
    await connection.run.close()
    expect(chat.getSnapshot().usage).toEqual([{ model: 'm', outputTokens: 2 }])
    await ask('Q2')
    expect(chat.getSnapshot().usage).toEqual([])
  })
  it('keeps the parsed output and the result as it travelled', async () => {
    const { chat, connection, ask } = chatTest({ tools })
    await ask('Q')
    await connection.run.push(STARTED, ...toolCall('c', 'ask', {}), FINISHED)
    await connection.run.close()
    chat.addToolResult({ toolCallId: 'c', output: { n: 1 } })
    expect(chat.getSnapshot().messages[1]!.parts).toMatchObject([
      { type: 'tool-call', state: 'complete', output: { n: 1 } },
      { type: 'tool-result', toolCallId: 'c', content: '{"n":1}', state: 'complete' },
    ])
  })
  it('that failed tells the model why', async () => {
    const { chat, connection, ask, shown } = chatTest({ tools })
    await ask('Q')
    await connection.run.push(STARTED, ...toolCall('c', 'ask', {}), FINISHED)
    await connection.run.close()
    chat.addToolResult({ toolCallId: 'c', error: 'Nobody is there.' })
    expect(shown()).toBe('Q {ask:error}')
    await settled()
    expect(connection.run.context.input.messages.at(-1)).toMatchObject({ role: 'tool', content: 'Nobody is there.', error: 'Nobody is there.' })
  })
  it.each([
    ['a text', 'plain', 'plain'],
    ['nothing', undefined, 'null'],
    ['null', null, 'null'],
    ['false', false, 'false'],
    ['an empty text', '', ''],
  ])('may answer %s', async (_what, output, content) => {
    const { chat, connection, ask, shown } = chatTest({ tools })
    await ask('Q')
    await connection.run.push(STARTED, ...toolCall('c', 'ask', {}), FINISHED)
    await connection.run.close()
    chat.addToolResult({ toolCallId: 'c', output })
    expect(shown()).toBe('Q {ask:complete}')
    await settled()
    expect(connection.run.context.input.messages.at(-1)).toMatchObject({ role: 'tool', content })
  })
  it('several calls wait for each other: the last answer starts one run', async () => {
    const { chat, connection, ask, where } = chatTest({ tools })
    await ask('Q')
    await connection.run.push(STARTED, ...toolCall('c1', 'ask', {}), ...toolCall('c2', 'pick', {}), FINISHED)
    await connection.run.close()
    chat.addToolResult({ toolCallId: 'c2', output: 2 })
    await settled()
    expect(where()).toBe('tool-calling/local')
    expect(connection.runs).toHaveLength(1)
    chat.addToolResult({ toolCallId: 'c1', output: 1 })
    await settled()
    expect(connection.runs).toHaveLength(2)
    expect(
      connection.run.context.input.messages
        .filter(({ role }) => role === 'tool')
        .map(({ content }) => content)
        .sort(),
    ).toEqual(['1', '2'])
  })
  it('answered while the run is still open goes on when it ends', async () => {
    const { chat, connection, ask, where } = chatTest({ tools })
    await ask('Q')
    await connection.run.push(STARTED, ...toolCall('c', 'ask', {}))
    chat.addToolResult({ toolCallId: 'c', output: 1 })
    expect(where()).toBe('streaming/receiving')
    expect(connection.runs).toHaveLength(1)
    await connection.run.push(FINISHED)
    await connection.run.close()
    expect(connection.runs).toHaveLength(2)
    expect(where()).toBe('streaming/connecting')
  })
  it('a second answer to the same call is ignored with a warning, and starts nothing', async () => {
    const { chat, connection, ask, log, shown } = chatTest({ tools })
    await ask('Q')
    await connection.run.push(STARTED, ...toolCall('c', 'ask', {}), FINISHED)
    await connection.run.close()
    chat.addToolResult({ toolCallId: 'c', output: 1 })
    chat.addToolResult({ toolCallId: 'c', output: 2 })
    await settled()
    expect(connection.runs).toHaveLength(2)
    expect(log).toEqual(['onWarning ignored_event (streaming)'])
    expect(chat.getSnapshot().messages[1]!.parts[0]).toMatchObject({ output: 1 })
    expect(shown()).toBe('Q {ask:complete}')
  })
  it('an answer to a call that was stopped, or that never was, is ignored with a warning', async () => {
    const { chat, connection, ask, log, shown } = chatTest({ tools })
    await ask('Q')
    await connection.run.push(STARTED, ...toolCall('c', 'ask', {}), FINISHED)
    await connection.run.close()
    chat.stop()
    chat.addToolResult({ toolCallId: 'c', output: 1 })
    chat.addToolResult({ toolCallId: 'nobody', output: 1 })
    await settled()
    expect(shown()).toBe('Q {ask:cancelled}')
    expect(connection.runs).toHaveLength(1)
    expect(log).toEqual(['onWarning ignored_event (stopped)', 'onWarning ignored_event (stopped)'])
  })
  it('whose arguments are no JSON is told so, without anybody being asked', async () => {
    const { connection, ask, shown } = chatTest({ tools })
    await ask('Q')
    const call: Chunk[] = [
      { type: 'TOOL_CALL_START', toolCallId: 'c', toolCallName: 'ask' },
      { type: 'TOOL_CALL_ARGS', toolCallId: 'c', delta: '{"n":' },
      { type: 'TOOL_CALL_END', toolCallId: 'c' },
    ]
    await connection.run.push(STARTED, ...call, FINISHED)
    await connection.run.close()
    expect(shown()).toBe('Q {ask:error}')
    expect(connection.runs).toHaveLength(2)
    const tool = connection.run.context.input.messages.at(-1)
    expect(tool).toMatchObject({ role: 'tool', toolCallId: 'c', error: expect.stringContaining('not valid JSON') })
  })
  it('the server names what the client owes: pendingToolCallIds', async () => {
    const { connection, ask, where } = chatTest()
    await ask('Q')
    await connection.run.push(STARTED, ...toolCall('c1', 'theirs', {}), ...toolCall('c2', 'ours', {}), toolResult('c1', 1))
    await connection.run.push(finishedWith({ type: 'success', pendingToolCallIds: ['c2'] }))
    await connection.run.close()
    expect(where()).toBe('tool-calling/local')
  })
  it('TanStack AI asks with CUSTOM tool-input-available', async () => {
    const { chat, connection, ask, where, shown } = chatTest()
    await ask('Q')
    const value = { toolCallId: 'c', toolName: 'ours', input: { n: 1 } }
    await connection.run.push(STARTED, ...toolCall('c', 'ours', { n: 1 }), { type: 'CUSTOM', name: 'tool-input-available', value }, {
      ...FINISHED,
      metadata: { finishReason: 'tool_calls' },
    } as Chunk)
    await connection.run.close()
    expect(where()).toBe('tool-calling/local')
    chat.addToolResult({ toolCallId: 'c', output: 1 })
    await settled()
    expect(shown()).toBe('Q {ours:complete}')
    expect(connection.runs).toHaveLength(2)
  })
  it('a call that this client is asked to answer, of a tool that it does not have, waits, and a warning says for what', async () => {
    const { chat, connection, ask, where, log } = chatTest({ tools })
    await ask('Q')
    await connection.run.push(STARTED, ...toolCall('c', 'invented', {}), finishedWith({ type: 'success', pendingToolCallIds: ['c'] }))
    await connection.run.close()
    expect(where()).toBe('tool-calling/local')
    expect(log).toContain('onWarning unanswered_call (tool-calling)')
    chat.addToolResult({ toolCallId: 'c', error: 'There is no such tool.' })
    await settled()
    expect(connection.runs).toHaveLength(2)
  })
  it('a call that nobody answers ends the turn with a warning', async () => {
    const { connection, ask, where, log } = chatTest({ tools })
    await ask('Q')
    await connection.run.push(STARTED, ...toolCall('c', 'theirs', {}), FINISHED)
    await connection.run.close()
    expect(where()).toBe('idle/ready')
    expect(log).toEqual(['onWarning unanswered_call (idle)', 'onFinish {theirs:input-complete} (idle)'])
  })
})

describe('a tool of the server', () => {
  it('shows as tool-calling/remote while it runs, and its result leads back to streaming', async () => {
    const { connection, ask, where, shown, log } = chatTest({ tools })
    await ask('Q')
    await connection.run.push(STARTED, ...toolCall('c', 'weather', { city: 'Oslo' }).slice(0, 2))
    expect(where()).toBe('streaming/receiving')
    expect(shown()).toBe('Q {weather:input-streaming}')
    await connection.run.push({ type: 'TOOL_CALL_END', toolCallId: 'c' })
    expect(where()).toBe('tool-calling/remote')
    await connection.run.push({ type: 'STATE_SNAPSHOT', snapshot: {} })
    expect(where()).toBe('tool-calling/remote')
    await connection.run.push(toolResult('c', { temp: 3 }))
    expect(where()).toBe('streaming/receiving')
    expect(shown()).toBe('Q {weather:complete}')
    await connection.run.push(...text('a', '3 degrees'), FINISHED)
    await connection.run.close()
    expect(where()).toBe('idle/ready')
    expect(connection.runs).toHaveLength(1)
    expect(log).toEqual(['onFinish {weather:complete}3 degrees (idle)'])
  })
  it('stays in remote until the last of several results', async () => {
    const { connection, ask, where } = chatTest({ tools })
    await ask('Q')
    await connection.run.push(STARTED, ...toolCall('c1', 'a', {}), ...toolCall('c2', 'b', {}))
    expect(where()).toBe('tool-calling/remote')
    await connection.run.push(toolResult('c2', 2))
    expect(where()).toBe('tool-calling/remote')
    await connection.run.push(toolResult('c1', 1))
    expect(where()).toBe('streaming/receiving')
  })
  it('text during a call is streaming', async () => {
    const { connection, ask, where } = chatTest({ tools })
    await ask('Q')
    await connection.run.push(...opening('a', 'x'), ...toolCall('c1', 'a', {}))
    expect(where()).toBe('tool-calling/remote')
    await connection.run.push(delta('a', 'y'))
    expect(where()).toBe('streaming/receiving')
  })
  it('a failed result is an error of the call', async () => {
    const { connection, ask, shown } = chatTest({ tools })
    await ask('Q')
    await connection.run.push(STARTED, ...toolCall('c', 'weather', {}), {
      ...toolResult('c', 'no such city'),
      metadata: { error: 'no such city' },
    } as Chunk)
    expect(shown()).toBe('Q {weather:error}')
  })
})
