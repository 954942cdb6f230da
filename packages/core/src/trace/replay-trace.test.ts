import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { z } from 'zod'
import { chatTest, FINISHED, opening, show, STARTED } from '../../test/chat-kit.ts'
import { run, settled, text, toolCall } from '../../testing/index.ts'
import { createChat } from '../create-chat.ts'
import { ChatError } from '../errors.ts'
import { recordTrace } from './record-trace.ts'
import { replayTrace } from './replay-trace.ts'
import type { Trace } from './trace.ts'

const copy = (trace: Trace): Trace => JSON.parse(JSON.stringify(trace)) as Trace

/** A conversation of one question, and its trace. */
async function recorded(): Promise<Trace> {
  let now = 1_000
  const { chat, ask, connection } = chatTest({ threadId: 'thread', now: () => now })
  const recorder = recordTrace(chat)
  now = 2_000
  await ask('Hi')
  now = 4_000
  await connection.run.push(...opening('a', 'Hel'))
  now = 4_500
  await connection.run.push({ type: 'TEXT_MESSAGE_CONTENT', messageId: 'a', delta: 'lo' }, FINISHED)
  await connection.run.close()
  return copy(recorder.stop())
}

const shownIn = ({ chat }: ReturnType<typeof replayTrace>) => `${chat.getSnapshot().status}: ${show(chat.getSnapshot().messages)}`

describe('a replay', () => {
  it('goes step by step, to where the chat was', async () => {
    const trace = await recorded()
    const replay = replayTrace(trace)
    const seen = [shownIn(replay)]
    for (let step = await replay.step(); step; step = await replay.step()) seen.push(`${step.event.type} ${shownIn(replay)}`)
    expect(seen).toEqual([
      'idle: ',
      'user.send streaming: Hi',
      'run.opened streaming: Hi',
      'run.chunks streaming: Hi Hel…',
      'run.chunks streaming: Hi Hello',
      'run.closed idle: Hi Hello',
    ])
    expect([replay.position, replay.length, replay.divergedAt]).toEqual([5, 5, null])
    replay.stop()
  })
  it('plays as fast as it is told, with the pauses there were', async () => {
    const waited: number[] = []
    const replay = replayTrace(await recorded(), { speed: 10, wait: async (ms) => void waited.push(ms) })
    await replay.play()
    expect(waited).toEqual([100, 200, 50])
    expect(shownIn(replay)).toBe('idle: Hi Hello')
    replay.stop()
  })
  it('plays without pauses unless it is told otherwise', async () => {
    const replay = replayTrace(await recorded(), { wait: () => Promise.reject(new Error('It waits.')) })
    await replay.play()
    expect(replay.position).toBe(5)
    replay.stop()
  })
  it('can be paused, and goes on from there', async () => {
    let pauses = 0
    const replay = replayTrace(await recorded(), {
      speed: 1,
      wait: async () => {
        if (pauses++ === 0) replay.pause()
      },
    })
    const states: boolean[] = []
    replay.subscribe(() => states.push(replay.isPlaying))
    await replay.play()
    expect([replay.position, replay.isPlaying]).toEqual([0, false])
    await replay.play()
    expect([replay.position, replay.isPlaying]).toEqual([5, false])
    expect([states[0], states.at(-1)]).toEqual([true, false])
    replay.stop()
  })
  it('goes to any step, forth in the same chat and back in a new one', async () => {
    const replay = replayTrace(await recorded())
    const { chat } = replay
    await replay.seek(3)
    expect([replay.chat === chat, shownIn(replay)]).toEqual([true, 'streaming: Hi Hel…'])
    await replay.seek(99)
    expect([replay.position, shownIn(replay)]).toEqual([5, 'idle: Hi Hello'])
    await replay.seek(1)
    expect([replay.chat === chat, shownIn(replay)]).toEqual([false, 'streaming: Hi'])
    await replay.seek(-1)
    expect([replay.position, shownIn(replay)]).toEqual([0, 'idle: '])
    replay.stop()
  })
  it('is not disturbed by a view that shows it and goes', async () => {
    const { chat, ask, answer } = chatTest({ initialMessages: async () => [{ id: 'old', role: 'user', parts: [{ type: 'text', content: 'Old' }] }] })
    const recorder = recordTrace(chat)
    chat.attach()
    await settled()
    await ask('Hi')
    await answer('a', 'Hello')
    const replay = replayTrace(copy(recorder.stop()))
    const release = replay.chat.retain()
    replay.chat.attach()
    expect(replay.chat.getSnapshot().phase).toBe('ready')
    await replay.step()
    expect(replay.chat.getSnapshot().phase).toBe('restoring')
    release()
    await new Promise((resolve) => setTimeout(resolve))
    await replay.play()
    expect([shownIn(replay), replay.divergedAt]).toEqual(['idle: Old Hi Hello', null])
    replay.stop()
  })
  it('runs no tool and makes no request: what they said is in the trace', async () => {
    let runs = 0
    const { chat, connection, ask } = chatTest({
      tools: [
        {
          name: 'look',
          inputSchema: z.object({ city: z.string() }),
          timeoutMs: 1_000,
          execute: (_, { emit }) => {
            runs++
            emit(0.5)
            return { sunny: true }
          },
        },
      ],
    })
    const recorder = recordTrace(chat)
    await ask('Sunny?')
    await connection.run.push(STARTED, ...toolCall('c', 'look', { city: 'Rome' }), FINISHED)
    await connection.run.close()
    await connection.run.push(...run(text('b', 'Yes')))
    await connection.run.close()
    expect(runs).toBe(1)
    const replay = replayTrace(copy(recorder.stop()))
    const actors = new Set<string>()
    for (; await replay.step(); await settled()) for (const name of Object.keys(replay.chat.actor.getSnapshot().children)) actors.add(name)
    expect(replay.chat.getSnapshot()).toEqual(chat.getSnapshot())
    expect([runs, replay.divergedAt]).toEqual([1, null])
    expect([...actors]).toContain('tool:look:c')
    replay.stop()
  })
  it('has the ends of waits where they were: of a tool, of an approval, of a pause before rejoining', async () => {
    const expiresAt = new Date(60_000).toISOString()
    const { chat, connection, ask, clock } = chatTest({
      now: () => 0,
      tools: [{ name: 'slow', timeoutMs: 1_000, execute: () => new Promise(() => {}) }],
    })
    const recorder = recordTrace(chat)
    await ask('Go')
    await connection.run.push(STARTED, ...toolCall('c', 'slow', {}), FINISHED)
    await connection.run.close()
    clock.increment(1_000)
    await settled()
    connection.run.context.onCursor('1')
    await connection.run.push(...opening('b', 'Well'))
    await connection.run.fail(new ChatError('network', 'The connection broke.'))
    clock.increment(30_000)
    await settled()
    const interrupts = [{ id: 'q', reason: 'confirmation', expiresAt }]
    await connection.run.push({ ...FINISHED, outcome: { type: 'interrupt', interrupts } } as never)
    await connection.run.close()
    expect(chat.getSnapshot().interrupts).toHaveLength(1)
    clock.increment(60_000)
    await settled()
    const trace = copy(recorder.stop())
    expect(trace.steps.map(({ event }) => event.type)).toEqual(expect.arrayContaining(['tool.timedOut', 'backoff', 'interrupt.expired']))
    const replay = replayTrace(trace)
    await replay.play()
    expect(replay.chat.getSnapshot()).toEqual(chat.getSnapshot())
    expect(replay.divergedAt).toBeNull()
    replay.stop()
  })
  it('has the network as it was, and hears nothing of the one there is', async () => {
    const { chat, connection, network, ask } = chatTest()
    const recorder = recordTrace(chat)
    await ask('Go')
    connection.run.context.onCursor('1')
    await connection.run.push(...opening('a', 'Well'))
    await connection.run.fail(new ChatError('network', 'The connection broke.'))
    network.tell('network.offline')
    const trace = copy(recorder.stop())
    expect(trace.steps.at(-1)).toMatchObject({ event: { type: 'network.offline' }, actor: 'network', phase: 'reconnecting' })
    const window = new EventTarget()
    const listen = vi.spyOn(window, 'addEventListener')
    vi.stubGlobal('window', window)
    onTestFinished(() => void vi.unstubAllGlobals())
    const replay = replayTrace(trace)
    await replay.play()
    expect(replay.divergedAt).toBeNull()
    expect(replay.chat.actor.getSnapshot().value).toEqual({ running: { streaming: { reconnecting: 'offline' } } })
    window.dispatchEvent(new Event('online'))
    expect(replay.chat.actor.getSnapshot().value).toEqual({ running: { streaming: { reconnecting: 'offline' } } })
    expect(listen).not.toHaveBeenCalled()
    replay.stop()
  })
  it('has options when they were changed, and structured answers', async () => {
    const { chat, connection, ask, where } = chatTest({ whileBusy: 'queue' })
    const recorder = recordTrace(chat)
    await ask('one')
    await ask('two')
    chat.updateOptions({ whileBusy: 'interrupt', outputSchema: z.object({ n: z.number() }) })
    await ask('three')
    await connection.run.push(...run(text('a', '{"n":', '1}')))
    await connection.run.close()
    await settled()
    expect(where()).toBe('streaming/connecting')
    expect(chat.getSnapshot().messages.map(({ parts }) => parts[0]?.type)).toEqual(['text', 'text', 'structured-output', 'text'])
    const replay = replayTrace(copy(recorder.stop()))
    await replay.play()
    expect(replay.chat.getSnapshot()).toEqual(chat.getSnapshot())
    expect(replay.divergedAt).toBeNull()
    replay.stop()
  })
  it('joins a run that was going on', async () => {
    const joined = [{ ...STARTED }, ...text('a', 'Here ', 'I am'), FINISHED]
    const chat = createChat({
      resume: true,
      connection: {
        async *connect() {},
        async *join() {
          yield joined
        },
      },
    })
    const recorder = recordTrace(chat)
    chat.attach()
    await settled()
    await settled()
    expect(chat.getSnapshot()).toMatchObject({ status: 'idle', messages: [{ id: 'a' }] })
    const trace = copy(recorder.stop())
    expect(trace.options.joins).toBe(true)
    const replay = replayTrace(trace)
    await replay.play()
    expect(replay.chat.getSnapshot()).toEqual(chat.getSnapshot())
    expect(replay.divergedAt).toBeNull()
    replay.stop()
    chat.dispose()
  })
  it('has branches, dates and shared state as they were when recording began', async () => {
    const createdAt = new Date(5)
    const { chat, answer, ask } = chatTest({
      initialState: { step: 1 },
      initialMessages: [
        { id: 'q', role: 'user', parts: [{ type: 'text', content: 'Q' }], createdAt },
        { id: 'a1', role: 'assistant', parts: [{ type: 'text', content: 'A1' }], parentId: 'q' },
        { id: 'a2', role: 'assistant', parts: [{ type: 'text', content: 'A2' }], parentId: 'q' },
      ],
    })
    chat.selectBranch('a1')
    const recorder = recordTrace(chat)
    chat.selectBranch('a2')
    await ask('Q2')
    await answer('b', 'B')
    const replay = replayTrace(copy(recorder.stop()))
    expect(shownIn(replay)).toBe('idle: Q A1')
    expect(replay.chat.branches('a1').map(({ id }) => id)).toEqual(['a1', 'a2'])
    expect(replay.chat.getSnapshot()).toMatchObject({ state: { step: 1 }, messages: [{ createdAt }, {}] })
    await replay.play()
    expect(replay.chat.getSnapshot()).toEqual({ ...chat.getSnapshot() })
    replay.stop()
  })
  it('says where it went another way than the chat did', async () => {
    const trace = await recorded()
    const replay = replayTrace({ ...trace, steps: trace.steps.map((step, i) => (i === 0 ? { ...step, ids: ['another'] } : step)) })
    await replay.play()
    expect(replay.divergedAt).toBe(1)
    replay.stop()
  })
  it('is shown to an inspector', async () => {
    const seen = new Set<string>()
    const replay = replayTrace(await recorded(), { inspect: ({ actorRef }) => void seen.add('id' in actorRef ? String(actorRef.id) : '') })
    await replay.play()
    expect([...seen]).toEqual(['chat:thread', `run:${replay.chat.getSnapshot().runId}`])
    replay.stop()
  })
  it('is over after stop', async () => {
    const replay = replayTrace(await recorded())
    replay.stop()
    await expect(replay.step()).rejects.toMatchObject({ code: 'misuse' })
  })
})

describe('a document that cannot be played is refused', () => {
  const refused = async (change: object | unknown[] | null | string) => {
    const given = change && typeof change === 'object' && !Array.isArray(change) ? { ...(await recorded()), ...change } : change
    try {
      replayTrace(given as Trace)
    } catch (error) {
      expect(error).toMatchObject({ name: 'ChatError', code: 'misuse' })
      return (error as Error).message
    }
    return 'It was not refused.'
  }
  it.each([
    ['what is no object', null, /saw null/],
    ['text', '{}', /saw "{}"/],
    ['another format', { format: 'har' }, /saw {"format":"har"/],
    ['a newer version', { version: 2 }, /has version 2; this statechat reads up to 1\. Update/],
    ['no version', { version: undefined }, /its version is undefined/],
    ['no thread', { threadId: 1 }, /no threadId/],
    ['no beginning', { startedAt: undefined }, /no startedAt/],
    ['no messages', { initial: {} }, /no initial\.messages/],
    ['no options', { options: [] }, /its options are \[\]/],
    ['no steps', { steps: 'none' }, /no steps/],
    ['a step without an event', { steps: [{ at: 1 }] }, /steps\[0\] is {"at":1}/],
    ["a step of XState's own", { steps: [{ at: 1, event: { type: 'xstate.stop' } }] }, /steps\[0\]/],
  ])('%s', async (_, change, message) => {
    expect(await refused(change)).toMatch(message)
  })
  it('messages that are none', async () => {
    expect(await refused({ initial: { messages: [{ id: 1 }], head: null } })).toMatch(/messages\[0\] is not a UI message/)
  })
})
