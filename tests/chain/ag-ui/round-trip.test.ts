import { fetchServerSentEvents } from '@statechat/core'
import { RunAgentInputSchema } from '@ag-ui/core/schemas'
import { describe, expect, it } from 'vitest'
import { serveEach, sseThenEnd } from '../support/serve.ts'
import { open, until } from '../support/session.ts'
import {
  activity,
  call,
  ended,
  finished,
  messagesAre,
  result,
  run,
  sealed,
  spanEnd,
  spanStart,
  started,
  stateChanges,
  stateIs,
  text,
  thought,
} from './fixtures/fixture.ts'

/** A chat with a server that answers each request with the next stream, and what that server was sent. */
async function talk(...streams: unknown[][]) {
  const { url, bodies } = await serveEach(...streams.map((events) => sseThenEnd(...events)))
  const session = open({ connection: fetchServerSentEvents(url), initialState: { a: 1 } })
  return { ...session, bodies: bodies as { messages: { role: string }[]; state: unknown; resume?: unknown }[] }
}
const done = run(...text('z', 'Done.'))

describe('what goes back to the server', () => {
  it('are thoughts with their sealed values, texts and calls with theirs, and metadata where it was', async () => {
    const metadata = { model: 'm', cost: null }
    const { chat, bodies } = await talk(
      run(
        spanStart('s'),
        ...thought('t', 'Hm', { metadata }),
        sealed('message', 't', 'sealed/thought=='),
        spanEnd('s'),
        ...text('m', 'Wait.', { metadata }),
        sealed('message', 'm', 'sealed/text=='),
        ...call('c', 'look', '{"at":"x"}', { parentMessageId: 'm', metadata }),
        sealed('tool-call', 'c', 'sealed/call=='),
        result('c', '{"seen":true}', { metadata }),
        ...text('n', 'I saw it.'),
      ),
      done,
    )
    await chat.sendMessage('Hello')
    await chat.sendMessage('And?')
    expect(bodies[1]?.messages.slice(1, -1)).toEqual([
      { id: 't', role: 'reasoning', content: 'Hm', encryptedValue: 'sealed/thought==', metadata },
      {
        id: 'm',
        role: 'assistant',
        content: 'Wait.',
        encryptedValue: 'sealed/text==',
        metadata,
        toolCalls: [{ id: 'c', type: 'function', function: { name: 'look', arguments: '{"at":"x"}' }, encryptedValue: 'sealed/call==', metadata }],
      },
      { id: 'c-answer', role: 'tool', toolCallId: 'c', content: '{"seen":true}', metadata },
      { id: 'n', role: 'assistant', content: 'I saw it.' },
    ])
  })

  it('are the content parts of a result as they came', async () => {
    const content = [
      { type: 'text', text: 'See' },
      { type: 'document', source: { type: 'file', value: 'file-1', provider: 'p' }, metadata: { title: 'T' } },
    ]
    const { chat, bodies } = await talk(run(...call('c', 'look', '{}'), result('c', content)), done)
    await chat.sendMessage('Hello')
    await chat.sendMessage('And?')
    expect(bodies[1]?.messages).toContainEqual({ id: 'c-answer', role: 'tool', toolCallId: 'c', content })
  })

  it('are sealed values and metadata that came in a snapshot', async () => {
    const thoughtMessage = { id: 't', role: 'reasoning', content: 'Hm', encryptedValue: 'XYZ' }
    const answer = { id: 'm', role: 'assistant', content: 'Hi', encryptedValue: 'ABC', metadata: { k: 1 } }
    const { chat, bodies } = await talk(run(messagesAre(thoughtMessage, answer)), done)
    await chat.sendMessage('Hello')
    await chat.sendMessage('And?')
    expect(bodies[1]?.messages.slice(0, -1)).toEqual([thoughtMessage, answer])
  })

  it('is never an activity, nor a subagent', async () => {
    const { chat, bodies } = await talk(
      run(
        activity('p', 'PLAN', { n: 1 }),
        { type: 'SUBAGENT_STARTED', subagentRunId: 's', name: 'x' },
        { type: 'SUBAGENT_FINISHED', subagentRunId: 's' },
      ),
      run(activity('p2', 'PLAN', { n: 1 }), ...text('m', 'Hi')),
      done,
    )
    for (const question of ['Hello', 'And?', 'So?']) await chat.sendMessage(question)
    expect(bodies[2]?.messages.map(({ role }) => role).filter((role) => role !== 'user')).toEqual(['assistant'])
    expect(JSON.stringify(bodies[2])).not.toContain('PLAN')
  })

  it('is the state, as both sides left it', async () => {
    const { chat, bodies } = await talk(run(stateChanges([{ op: 'add', path: '/b', value: 2 }])), run(stateIs(null)), done)
    await chat.sendMessage('Hello')
    expect(chat.getSnapshot().state).toEqual({ a: 1, b: 2 })
    chat.setState({ mine: true })
    await chat.sendMessage('And?')
    await chat.sendMessage('So?')
    expect(bodies.map(({ state }) => state).slice(0, 2)).toEqual([{ a: 1 }, { mine: true }])
  })

  it('is a request that the SDK’s schema accepts, whatever went before', async () => {
    const { chat, bodies } = await talk(
      run(...thought('t', 'Hm'), sealed('message', 't', 'XYZ'), ...text('m', 'Hi'), ...call('c', 'look', '{"at":'), result('c', 'What?')),
      [started, ...text('m2', 'cut'), ...call('d', 'look', '{"at":')],
      done,
    )
    for (const question of ['Hello', 'And?', 'So?']) await chat.sendMessage(question)
    for (const body of bodies) expect(RunAgentInputSchema.safeParse(body).error).toBeUndefined()
    expect(bodies).toHaveLength(3)
  })
})

describe('questions of the server', () => {
  const which = { id: 'i', reason: 'input_required', responseSchema: { type: 'object' } }
  const sure = { id: 'j', reason: 'confirmation' }

  it('are answered in the next request, every one of them, with the state and the sealed values of the run that asked', async () => {
    const asks = ended({ type: 'interrupt', interrupts: [which, sure] }, stateIs({ b: 2 }), ...text('m', 'Hm.'), sealed('message', 'm', 'XYZ'))
    const { chat, bodies } = await talk(asks, done)
    const turn = chat.sendMessage('Hello')
    await until(chat, ({ interrupts }) => interrupts.length === 2)
    await chat.resolveInterrupt('i', { color: 'red' })
    expect(bodies).toHaveLength(1)
    chat.cancelInterrupt('j')
    expect((await turn).outcome).toBe('finished')
    expect(bodies[1]).toMatchObject({
      state: { b: 2 },
      resume: [
        { interruptId: 'i', status: 'resolved', payload: { color: 'red' } },
        { interruptId: 'j', status: 'cancelled' },
      ],
    })
    expect(bodies[1]?.messages).toContainEqual({ id: 'm', role: 'assistant', content: 'Hm.', encryptedValue: 'XYZ' })
    expect(RunAgentInputSchema.safeParse(bodies[1]).error).toBeUndefined()
  })

  it('are answered once', async () => {
    const { chat, bodies } = await talk(ended({ type: 'interrupt', interrupts: [sure] }), done, done)
    const turn = chat.sendMessage('Hello')
    await until(chat, ({ interrupts }) => interrupts.length === 1)
    await chat.resolveInterrupt('j', true)
    await turn
    await chat.sendMessage('And?')
    expect(bodies.map(({ resume }) => resume)).toEqual([undefined, [{ interruptId: 'j', status: 'resolved', payload: true }], undefined])
  })
})

describe('a cancelled run', () => {
  it('ends as one that was stopped: no error, no onFinish, and the chat goes on', async () => {
    const { chat, errors, finishes, bodies } = await talk([started, ...text('m', 'Half'), { ...finished, outcome: { type: 'cancelled' } }], done)
    expect((await chat.sendMessage('Hello')).outcome).toBe('stopped')
    expect([errors, finishes, chat.error.get()]).toEqual([[], [], null])
    expect((await chat.sendMessage('And?')).outcome).toBe('finished')
    expect(bodies[1]?.messages).toContainEqual({ id: 'm', role: 'assistant', content: 'Half' })
  })
})
