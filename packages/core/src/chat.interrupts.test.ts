import { describe, expect, it } from 'vitest'
import { chatTest, FINISHED, STARTED, user } from '../test/chat-kit.ts'
import { settled, text, toolCall, toolResult } from '../testing/index.ts'
import { isChatError } from './errors.ts'
import type { Chunk, Interrupt } from './protocol/chunk.ts'

const interrupted = (...interrupts: Interrupt[]): Chunk => ({ ...FINISHED, outcome: { type: 'interrupt', interrupts } }) as Chunk
const yesOrNo = { type: 'object', properties: { approved: { type: 'boolean' }, editedArgs: { type: 'object' } }, required: ['approved'] }
const ageSchema = { type: 'object', properties: { age: { type: 'integer', minimum: 0 } }, required: ['age'] }

async function asked(chunks: readonly Chunk[], options: Parameters<typeof chatTest>[0] = {}) {
  const test = chatTest(options)
  await test.ask('Q')
  await test.connection.run.push(STARTED, ...chunks)
  await test.connection.run.close()
  const interrupts = () => test.chat.getSnapshot().interrupts
  const resume = () => test.connection.run.context.resume
  return { ...test, interrupts, resume }
}

describe('a question of the server', () => {
  it('is shown, is answered, and the next run of the turn carries the answer once', async () => {
    const { chat, connection, interrupts, resume, where, shown } = await asked([
      ...text('a', 'Wait. '),
      interrupted({ id: 'i', reason: 'input_required', message: 'How old are you?', responseSchema: ageSchema }),
    ])
    expect(where()).toBe('tool-calling/local')
    expect(interrupts()).toMatchObject([{ id: 'i', reason: 'input_required', message: 'How old are you?', state: 'open' }])
    await chat.resolveInterrupt('i', { age: 40 })
    await settled()
    expect(resume()).toEqual([{ interruptId: 'i', status: 'resolved', payload: { age: 40 } }])
    expect(interrupts()).toEqual([])
    await connection.run.push(STARTED, ...text('b', 'Thanks.'), FINISHED)
    await connection.run.close()
    expect(shown()).toBe('Q Wait. <interrupt resolved>Thanks.')
    expect(where()).toBe('idle/ready')
    void chat.sendMessage('And?')
    await settled()
    expect(resume()).toBeUndefined()
  })
  it('of a run that said nothing has a message of its own', async () => {
    const { shown } = await asked([interrupted({ id: 'i', reason: 'confirmation' })])
    expect(shown()).toBe('Q <interrupt open>')
  })
  it('refuses an answer that is not what its schema asks for, and stays open', async () => {
    const { chat, connection, interrupts } = await asked([interrupted({ id: 'i', reason: 'input_required', responseSchema: ageSchema })])
    const answer = chat.resolveInterrupt('i', { age: -1 })
    await expect(answer).rejects.toSatisfy((error) => isChatError(error) && error.code === 'invalid_input' && error.issues!.length === 1)
    await expect(answer).rejects.toThrow('age: ')
    expect(interrupts()).toHaveLength(1)
    expect(connection.runs).toHaveLength(1)
  })
  it('can be given back without an answer', async () => {
    const { chat, resume } = await asked([interrupted({ id: 'i', reason: 'confirmation' })])
    chat.cancelInterrupt('i')
    await settled()
    expect(resume()).toEqual([{ interruptId: 'i', status: 'cancelled' }])
  })
  it('is one of several: the request covers all of them', async () => {
    const { chat, connection, resume } = await asked([
      ...toolCall('c', 'rm', { path: '/' }),
      interrupted({ id: 'i', reason: 'confirmation' }, { id: 'p', reason: 'tool_call', toolCallId: 'c', responseSchema: yesOrNo }),
    ])
    await chat.resolveInterrupt('i', true)
    await settled()
    expect(connection.runs).toHaveLength(1)
    await chat.approve('p', { editedInput: { path: '/tmp' } })
    await settled()
    expect(resume()).toEqual([
      { interruptId: 'p', status: 'resolved', payload: { approved: true, editedArgs: { path: '/tmp' } } },
      { interruptId: 'i', status: 'resolved', payload: true },
    ])
  })
  it('that nobody answered in time is cancelled, and the turn goes on', async () => {
    let now = Date.parse('2026-01-01T00:00:00Z')
    const { clock, resume, shown } = await asked(
      [
        ...toolCall('c', 'rm', {}),
        interrupted(
          { id: 'p', reason: 'tool_call', toolCallId: 'c', expiresAt: '2026-01-01T00:01:00Z' },
          { id: 'i', reason: 'confirmation', expiresAt: '2026-01-01T00:02:00Z' },
        ),
      ],
      { now: () => now },
    )
    now += 60_000
    clock.increment(60_000)
    expect(shown()).toBe('Q {rm:cancelled}<interrupt open>')
    now += 60_000
    clock.increment(60_000)
    expect(shown()).toBe('Q {rm:cancelled}<interrupt cancelled>')
    await settled()
    expect(resume()).toEqual([
      { interruptId: 'p', status: 'cancelled' },
      { interruptId: 'i', status: 'cancelled' },
    ])
  })
  it('that was stopped is cancelled: the next message tells the server so', async () => {
    const { chat, resume, shown } = await asked([
      ...toolCall('c', 'rm', {}),
      interrupted({ id: 'p', reason: 'tool_call', toolCallId: 'c' }, { id: 'i', reason: 'x' }),
    ])
    chat.stop()
    expect(shown()).toBe('Q {rm:cancelled}<interrupt cancelled>')
    void chat.sendMessage({ content: 'Q2', id: 'Q2' })
    await settled()
    expect(resume()).toEqual([
      { interruptId: 'p', status: 'cancelled' },
      { interruptId: 'i', status: 'cancelled' },
    ])
  })
  it.each([
    ['stopped', async ({ chat }: Awaited<ReturnType<typeof asked>>) => chat.stop()],
    [
      'answered, and the request failed',
      async ({ chat, connection }: Awaited<ReturnType<typeof asked>>) => {
        await chat.resolveInterrupt('i', 1)
        await settled()
        connection.run.fail(new Error('offline'))
        await settled()
      },
    ],
  ])('that was %s: the next message goes on from the run that asked, and the one after it from none', async (_how, leave) => {
    const test = await asked([interrupted({ id: 'i', reason: 'confirmation' })])
    const { chat, connection, resume } = test
    const askingRun = connection.run.context.runId
    await leave(test)
    void chat.sendMessage('Q2')
    await settled()
    expect([resume()?.length, connection.run.context.parentRunId]).toEqual([1, askingRun])
    await connection.run.push(STARTED, ...text('b', 'Fine.'), FINISHED)
    await connection.run.close()
    void chat.sendMessage('Q3')
    await settled()
    expect([resume(), connection.run.context.parentRunId]).toEqual([undefined, undefined])
  })
  it('that was answered earlier in the turn is not answered again', async () => {
    const { chat, connection, resume } = await asked([...toolCall('c', 'rm', {}), interrupted({ id: 'p', reason: 'tool_call', toolCallId: 'c' })])
    chat.deny('p', 'no')
    await settled()
    await connection.run.push(
      STARTED,
      toolResult('c', 'denied'),
      ...toolCall('d', 'ls', {}),
      interrupted({ id: 'q', reason: 'tool_call', toolCallId: 'd' }),
    )
    await connection.run.close()
    await chat.approve('q')
    await settled()
    expect(resume()).toEqual([{ interruptId: 'q', status: 'resolved', payload: { approved: true } }])
  })
  it('is sent again with the answer when the request failed', async () => {
    const { chat, connection, resume } = await asked([interrupted({ id: 'i', reason: 'confirmation' })])
    await chat.resolveInterrupt('i', true)
    await settled()
    await connection.run.push(STARTED)
    await connection.run.close()
    expect(chat.getSnapshot().error?.code).toBe('truncated')
    void chat.retry()
    await settled()
    expect(resume()).toEqual([{ interruptId: 'i', status: 'resolved', payload: true }])
  })
  it('is asked again after the page was loaded anew', async () => {
    const first = await asked([...text('a', 'Wait. '), interrupted({ id: 'i', reason: 'confirmation' })])
    const messages = JSON.parse(JSON.stringify(first.chat.getSnapshot().messages)) as never
    const second = chatTest({ initialMessages: messages })
    second.chat.attach()
    expect(second.where()).toBe('tool-calling/local')
    await second.chat.resolveInterrupt('i', true)
    await settled()
    expect(second.connection.run.context.resume).toEqual([{ interruptId: 'i', status: 'resolved', payload: true }])
    expect(second.connection.run.context.parentRunId).toBe(first.connection.run.context.runId)
  })
  it('that was stopped does not make the turn go on when the page is loaded anew', async () => {
    const { chat } = await asked([interrupted({ id: 'i', reason: 'confirmation' })])
    chat.stop()
    const { messages } = chat.getSnapshot()
    const later = chatTest({ initialMessages: messages })
    later.chat.attach()
    await settled()
    expect(later.where()).toBe('idle/ready')
    expect(later.connection.runs).toHaveLength(0)
    void later.chat.sendMessage('And?')
    await settled()
    expect(later.connection.run.context.resume).toEqual([{ interruptId: 'i', status: 'cancelled' }])
  })
  it('and our own tool beside it are both waited for', async () => {
    const { chat, connection } = await asked(
      [...toolCall('c', 'ask', {}), ...toolCall('d', 'rm', {}), interrupted({ id: 'p', reason: 'tool_call', toolCallId: 'd' })],
      {
        tools: [{ name: 'ask' }],
      },
    )
    await chat.approve('p')
    await settled()
    expect(connection.runs).toHaveLength(1)
    chat.addToolResult({ toolCallId: 'c', output: 1 })
    await settled()
    expect(connection.runs).toHaveLength(2)
  })
  it('says whether the input may be edited', async () => {
    const { chat } = await asked([
      ...toolCall('c', 'rm', {}),
      interrupted({ id: 'p', reason: 'tool_call', toolCallId: 'c', message: 'Really?', responseSchema: yesOrNo }),
    ])
    expect(chat.getSnapshot().messages.at(-1)?.parts[0]).toMatchObject({
      approval: { id: 'p', message: 'Really?', isEditable: true, askedBy: 'server' },
    })
  })
  it('with an id like __proto__ is a question like any other', async () => {
    const { chat, resume } = await asked([interrupted({ id: '__proto__', reason: 'constructor' })], { initialMessages: [user('Q0')] })
    await chat.resolveInterrupt('__proto__', 1)
    await settled()
    expect(resume()).toEqual([{ interruptId: '__proto__', status: 'resolved', payload: 1 }])
  })
})
