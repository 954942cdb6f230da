import { describe, expect, it } from 'vitest'
import { chatTest, FINISHED, macrotasks, STARTED } from '../../test/chat-kit.ts'
import { toolCall } from '../../testing/index.ts'
import { createChat } from '../create-chat.ts'
import { fetchServerSentEvents } from '../connection/fetch-server-sent-events.ts'
import { ChatError } from '../errors.ts'
import { recordTrace } from './record-trace.ts'

const typesOf = ({ steps }: ReturnType<ReturnType<typeof recordTrace>['trace']>) => steps.map(({ event }) => event.type)

describe('a recorded trace', () => {
  it('is a JSON document of what the machine got, from whom, when, and where that led', async () => {
    let now = 1_000
    const { chat, ask, answer } = chatTest({ threadId: 'thread', now: () => now })
    const recorder = recordTrace(chat)
    now = 1_250
    await ask('Hi')
    now = 1_400
    await answer('a', 'Hello')
    const trace = recorder.stop()
    expect(JSON.parse(JSON.stringify(trace))).toEqual(trace)
    expect(trace).toMatchObject({
      format: 'statechat.trace',
      version: 1,
      threadId: 'thread',
      startedAt: 1_000,
      end: 'stopped',
      initial: { messages: [], head: null },
      options: { whileBusy: 'queue', maxSteps: 8, tools: [], structured: false, joins: false, restores: false },
    })
    const actor = `run:${chat.getSnapshot().runId}`
    expect(trace.steps.map(({ at, event: { type }, actor: from, status }) => [at, type, from, status])).toEqual([
      [250, 'user.send', undefined, 'streaming'],
      [400, 'run.opened', actor, 'streaming'],
      [400, 'run.chunks', actor, 'streaming'],
      [400, 'run.closed', actor, 'idle'],
    ])
  })
  it('holds nothing of the connection, of headers and bodies, of data, or of functions', async () => {
    const chat = createChat({
      connection: fetchServerSentEvents('http://me:secret-password@127.0.0.1:9/chat?key=secret-query', {
        headers: { authorization: 'Bearer secret-header' },
        body: { key: 'secret-connection-body' },
        fetch: () => Promise.reject(Object.assign(new Error('no'), { config: { headers: 'secret-cause' } })),
      }),
      body: () => ({ key: 'secret-body' }),
      data: { key: 'secret-data' },
      tools: [{ name: 'look', description: 'secret-description', metadata: { key: 'secret-metadata' }, execute: () => 'secret-execute' }],
    })
    const recorder = recordTrace(chat)
    await chat.sendMessage('Hi', { body: { key: 'secret-send-body' }, data: () => ({ key: 'secret-send-data' }) })
    const trace = recorder.stop()
    expect(trace.steps.at(-1)).toMatchObject({ status: 'error', event: { error: { code: 'network', cause: { message: 'no' } } } })
    expect(trace.steps.at(-1)?.event).toHaveProperty('error.message', expect.stringContaining('http://…@127.0.0.1:9/chat?… '))
    expect(JSON.stringify(trace)).not.toMatch(/secret/)
    chat.dispose()
  })
  it('keeps an error with everything that a program can read from it', async () => {
    const { chat, connection, ask } = chatTest()
    const recorder = recordTrace(chat)
    await ask('Hi')
    const cause = Object.assign(new TypeError('below'), { stack: 'a path on a machine' })
    await connection.run.fail(new ChatError('http', 'Too many requests', { status: 429, body: { why: 'busy' }, retryAfter: 2_000, cause }))
    expect(recorder.trace().steps.at(-1)?.event).toEqual({
      type: 'run.failed',
      runId: chat.getSnapshot().runId,
      error: {
        code: 'http',
        message: 'Too many requests',
        status: 429,
        body: { why: 'busy' },
        retryAfter: 2_000,
        retryable: false,
        cause: { name: 'TypeError', message: 'below' },
      },
    })
  })
  it('keeps the output of a tool as it was then, and as JSON', async () => {
    const output = { at: new Date(0), size: 10n, list: ['a'], skip: () => 1, self: {} }
    output.self = output
    const { chat, connection, ask } = chatTest({ tools: [{ name: 'look', execute: () => output }] })
    const recorder = recordTrace(chat)
    // What cannot be sent to a model fails the call; what is reported along the way does not.
    chat.actor.send({ type: 'tool.progressed', toolCallId: 'c', progress: output })
    await ask('Hi')
    await connection.run.push(STARTED, ...toolCall('c', 'look', {}), FINISHED)
    await connection.run.close()
    output.list.push('later')
    const [progressed] = recorder.trace().steps
    expect(progressed?.event).toMatchObject({ progress: { at: '1970-01-01T00:00:00.000Z', size: '10', list: ['a'], self: '[circular]' } })
    expect(JSON.stringify(recorder.trace())).not.toContain('skip')
  })
  it('notes options when they are others than before', async () => {
    const { chat, ask } = chatTest()
    const recorder = recordTrace(chat)
    await ask('one')
    chat.updateOptions({ whileBusy: 'interrupt', tools: [{ name: 'look', side: 'server' }] })
    await ask('two')
    await ask('three')
    expect(recorder.trace().steps.map(({ options }) => options?.whileBusy)).toEqual([undefined, 'interrupt', undefined])
    expect(recorder.trace().steps[1]?.options?.tools).toEqual([{ name: 'look', side: 'server', isActive: false }])
  })
  it('is another object when there is more, and the same until then', async () => {
    const { chat, ask } = chatTest()
    const recorder = recordTrace(chat)
    const before = recorder.trace()
    expect(recorder.trace()).toBe(before)
    await ask('Hi')
    expect(recorder.trace()).not.toBe(before)
    expect(before.steps).toEqual([])
  })
})

describe('recording', () => {
  it('begins when the turn in flight is over and its queue empty', async () => {
    const { chat, ask, answer } = chatTest()
    await ask('one')
    await ask('two')
    const recorder = recordTrace(chat)
    expect([recorder.state, recorder.trace().steps]).toEqual(['waiting', []])
    await answer('a', '1')
    expect(recorder.state).toBe('waiting')
    await answer('b', '2')
    expect([recorder.state, recorder.trace().steps]).toEqual(['recording', []])
    expect(recorder.trace().initial.messages.map(({ id }) => id)).toEqual(['one', 'a', 'two', 'b'])
    await ask('three')
    expect(typesOf(recorder.trace())).toEqual(['user.send'])
  })
  it('ends when the chat is disposed of', async () => {
    const { chat, ask } = chatTest()
    const recorder = recordTrace(chat)
    await ask('Hi')
    chat.dispose()
    expect([recorder.state, recorder.trace().end, typesOf(recorder.trace())]).toEqual(['ended', 'disposed', ['user.send']])
  })
  it('ends at the limit of steps, and says so', async () => {
    const { chat, ask, answer } = chatTest()
    const recorder = recordTrace(chat, { maxSteps: 2 })
    await ask('Hi')
    await answer('a', 'Hello')
    expect([recorder.state, recorder.trace().end, typesOf(recorder.trace())]).toEqual(['ended', 'full', ['user.send', 'run.opened']])
  })
  it('ends at the limit of bytes, with what was within it', async () => {
    const { chat, ask, answer } = chatTest()
    const recorder = recordTrace(chat, { maxBytes: 5_000 })
    await ask('Hi')
    await answer('a', 'x'.repeat(10_000))
    expect(recorder.trace().end).toBe('full')
    expect(JSON.stringify(recorder.trace()).length).toBeLessThan(5_200)
    expect(typesOf(recorder.trace())).toEqual(['user.send', 'run.opened'])
  })
  it('has an end: what comes after it is not in the trace, and ids are made as before', async () => {
    const made: string[] = []
    const { chat, ask } = chatTest({
      generateId() {
        made.push('id')
        return `made-${made.length}`
      },
    })
    const { host } = chat.actor.getSnapshot().context
    const { generateId } = host
    const recorder = recordTrace(chat)
    expect(host.generateId).not.toBe(generateId)
    const trace = recorder.stop()
    expect(host.generateId).toBe(generateId)
    await ask('Hi')
    expect(recorder.trace()).toBe(trace)
    expect(trace.steps).toEqual([])
  })
  it('can be done twice at a time, and each ends by itself', async () => {
    const { chat, ask, answer } = chatTest({ now: () => 0 })
    const first = recordTrace(chat)
    const second = recordTrace(chat)
    await ask('Hi')
    expect(first.stop().steps).toEqual(second.trace().steps)
    await answer('a', 'Hello')
    expect(typesOf(first.trace())).toEqual(['user.send'])
    expect(typesOf(second.stop())).toEqual(['user.send', 'run.opened', 'run.chunks', 'run.closed'])
  })
  it('of a chat that was disposed of is refused', () => {
    const { chat } = chatTest()
    chat.dispose()
    expect(() => recordTrace(chat)).toThrow(expect.objectContaining({ code: 'misuse' }))
  })
  it('goes on when a listener throws, and the chat too', async () => {
    const { chat, ask, shown } = chatTest()
    const recorder = recordTrace(chat)
    const tasks = macrotasks()
    const end = recorder.subscribe(() => {
      throw new Error('listener')
    })
    await ask('Hi')
    end()
    expect(tasks.run()).toEqual([new Error('listener')])
    expect([shown(), typesOf(recorder.trace())]).toEqual(['Hi', ['user.send']])
  })
})

describe('redacting', () => {
  it('sees every value with its path, and changes what is written down, not what is shown', async () => {
    const { chat, ask, answer, shown } = chatTest({
      initialMessages: [{ id: 'old', role: 'user', parts: [{ type: 'text', content: 'old secret' }] }],
    })
    const paths: string[] = []
    const recorder = recordTrace(chat, {
      redact(value, path) {
        if (typeof value !== 'string' || !value.includes('secret')) return value
        paths.push(path.join('.'))
        return 'x'.repeat(value.length)
      },
    })
    await ask('my secret')
    await answer('a', 'your secret')
    expect(JSON.stringify(recorder.trace())).not.toMatch(/secret/)
    expect(paths).toEqual([
      'initial.messages.0.parts.0.content',
      'steps.0.event.turnId',
      'steps.0.event.message.id',
      'steps.0.event.message.parts.0.content',
      'steps.2.event.chunks.2.delta',
    ])
    expect(shown()).toContain('secret')
  })
  it('leaves out what it gives undefined for, and hides what it throws for', async () => {
    const { chat, ask } = chatTest()
    const recorder = recordTrace(chat, {
      redact(value, path) {
        if (path.at(-1) === 'role') return undefined
        if (path.at(-1) === 'content') throw new Error('Too hard.')
        return value
      },
    })
    await ask('secret')
    expect(recorder.trace().steps[0]?.event).toEqual({
      type: 'user.send',
      turnId: 'secret',
      message: { id: 'secret', parts: [{ type: 'text', content: '[redacted]' }] },
    })
  })
})
