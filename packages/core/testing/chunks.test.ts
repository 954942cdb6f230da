import { describe, expect, it } from 'vitest'
import {
  approval,
  data,
  interrupt,
  reasoning,
  run,
  scriptedConnection,
  sharedState,
  source,
  statePatch,
  structuredOutput,
  testChat,
  text,
  toolCall,
  toolError,
  toolResult,
  type Script,
} from './index.ts'
import './vitest.ts'

/** The parts of the answer, and the chat after it. */
async function answered(...scripts: [Script, ...Script[]]) {
  const warnings: string[] = []
  const test = testChat({ connection: scriptedConnection(...scripts), onWarning: ({ message }) => warnings.push(message) })
  const { turn } = await test.ask('Hi')
  expect(warnings).toEqual([])
  return { ...test, turn, parts: test.chat.getSnapshot().messages.at(-1)!.parts }
}

describe('the builders make what a chat shows', () => {
  it('thoughts, text, and a call with its result', async () => {
    const { parts } = await answered(
      run([
        ...reasoning('r', 'Let me ', 'look.'),
        ...toolCall('c1', 'weather', { city: 'Paris' }),
        toolResult('c1', { celsius: 21 }),
        ...text('m1', '21 °C'),
      ]),
    )
    expect(parts).toMatchObject([
      { type: 'thinking', content: 'Let me look.' },
      { type: 'tool-call', name: 'weather', state: 'complete', input: { city: 'Paris' }, output: { celsius: 21 } },
      { type: 'tool-result', state: 'complete' },
      { type: 'text', content: '21 °C' },
    ])
  })
  it('a call whose input grows', async () => {
    const inputs: unknown[] = []
    const script = run([...toolCall('c1', 'weather', { city: 'Paris' }, { deltaSize: 4 }), toolResult('c1', 'warm')])
    expect(script.filter(({ type }) => type === 'TOOL_CALL_ARGS')).toHaveLength(4)
    const { chat } = testChat({
      connection: scriptedConnection(script),
      onChunk({ type }) {
        const part = chat.getSnapshot().messages.at(-1)?.parts[0]
        if (type === 'TOOL_CALL_ARGS' && part?.type === 'tool-call') inputs.push(part.input)
      },
    })
    await chat.sendMessage('Hi')
    expect(inputs.at(-1)).toEqual({ city: 'Paris' })
    expect(chat).toHaveToolCall('weather', { city: 'Paris' })
  })
  it('a call that failed', async () => {
    const { parts } = await answered(run([...toolCall('c1', 'weather', {}), toolError('c1', 'No such city'), ...text('m1', 'Sorry')]))
    expect(parts).toMatchObject([{ state: 'error', error: 'No such city' }, { type: 'tool-result', state: 'error' }, { type: 'text' }])
  })
  it('sources and data', async () => {
    const { parts } = await answered(
      run([
        ...text('m1', 'See'),
        source('s1', { url: 'https://example.com', title: 'Example' }),
        data('chart', [1], { id: 'a' }),
        data('chart', [2], { id: 'a' }),
      ]),
    )
    expect(parts).toMatchObject([
      { type: 'text' },
      { type: 'source', id: 's1', url: 'https://example.com', title: 'Example' },
      { type: 'data', name: 'chart', id: 'a', data: [2] },
    ])
  })
  it('a structured answer, in pieces', async () => {
    const recipe = { title: 'Soup', steps: ['Cut', 'Cook'] }
    const script = run(structuredOutput('m1', recipe, { deltaSize: 8 }))
    const { chat, parts } = await answered(script)
    expect(parts).toMatchObject([{ type: 'structured-output', status: 'complete', data: recipe, raw: JSON.stringify(recipe) }])
    expect(chat.getSnapshot().final).toEqual(recipe)
    const half = testChat()
    await half.ask('Hi')
    await half.connection.run.push(...script.slice(0, 5))
    expect(half.chat.getSnapshot()).toMatchObject({ partial: { title: 'Soup' }, final: null })
  })
  it('state, and changes of it', async () => {
    const { chat } = await answered(
      run([sharedState({ step: 1, done: [] }), statePatch({ op: 'replace', path: '/step', value: 2 }, { op: 'add', path: '/done/-', value: 'a' })]),
    )
    expect(chat.getSnapshot().state).toEqual({ step: 2, done: ['a'] })
  })
  it('an approval, and its answer in the next request', async () => {
    const { chat, connection, turn, parts } = await answered(
      run(toolCall('c1', 'sendMail', { to: 'ada' }), { interrupts: [approval('c1', { message: 'Send it?' })] }),
      run([toolResult('c1', 'sent'), ...text('m1', 'Done')]),
    )
    expect(chat).toHaveStatus('tool-calling')
    expect(parts).toMatchObject([{ state: 'approval-requested', approval: { id: 'approval-c1', message: 'Send it?', askedBy: 'server' } }])
    await chat.approve('c1')
    expect(await turn).toMatchObject({ outcome: 'finished' })
    expect(connection.requests[1]!.input.resume).toEqual([{ interruptId: 'approval-c1', status: 'resolved', payload: { approved: true } }])
    expect(chat).toHaveText('Done')
  })
  it('a question about no call', async () => {
    const { chat, connection, turn } = await answered(
      run(text('m1', 'Which one?'), { interrupts: [interrupt('q1', { message: 'Red or blue?' })] }),
      run(text('m2', 'Blue it is')),
    )
    expect(chat.getSnapshot().interrupts).toMatchObject([{ id: 'q1', reason: 'input_required', message: 'Red or blue?' }])
    await chat.resolveInterrupt('q1', 'blue')
    await turn
    expect(connection.requests[1]!.input.resume).toEqual([{ interruptId: 'q1', status: 'resolved', payload: 'blue' }])
  })
  it('the end of a run: its reason and its tokens', async () => {
    const { chat } = await answered(run(text('m1', 'Hel'), { finishReason: 'length', usage: [{ model: 'small', outputTokens: 1 }] }))
    expect(chat.getSnapshot().usage).toEqual([{ model: 'small', outputTokens: 1 }])
  })
})
