import { assign, createActor, sendTo, setup, waitFor } from 'xstate'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { FINISHED, opening, STARTED } from '../../test/chat-kit.ts'
import { manualConnection, run, settled, SimulatedClock, text, toolCall } from '../../testing/index.ts'
import { ChatError } from '../errors.ts'
import type { UIMessage } from '../transcript/message.ts'
import type { ChatEvent } from './events.ts'
import { chatMachine } from './machine.ts'
import type { ChatMachineInput } from './options.ts'

/** The machine as others use it: what is public, and nothing else. */

const message = (id: string): UIMessage => ({ id, role: 'user', parts: [{ type: 'text', content: id }] })
const sending = (id: string): ChatEvent => ({ type: 'user.send', turnId: id, message: message(id) })
const broken = () => new ChatError('network', 'The connection broke.')

/** An actor of a machine, on a connection pushed by hand. */
function driven(machine = chatMachine, input: Partial<ChatMachineInput> = {}) {
  const connection = manualConnection()
  const clock = new SimulatedClock()
  const actor = createActor(machine, { input: { connection, ...input }, clock }).start()
  onTestFinished(() => void actor.stop())
  const { host } = actor.getSnapshot().context
  return {
    actor,
    connection,
    clock,
    host,
    value: () => actor.getSnapshot().value,
    shown: () => host.transcript.messages().map(({ parts }) => parts.map((part) => (part.type === 'text' ? part.content : part.type)).join(' ')),
    async send(event: ChatEvent) {
      actor.send(event)
      await settled()
    },
  }
}

describe('a machine of its own', () => {
  it('runs a conversation without createChat', async () => {
    const { connection, send, value, shown } = driven()
    await send(sending('Hi'))
    expect(value()).toEqual({ running: { streaming: 'connecting' } })
    await connection.run.push(...run(text('a', 'Hello')))
    await connection.run.close()
    expect([value(), shown()]).toEqual([{ idle: 'ready' }, ['Hi', 'Hello']])
  })
})

describe('what chatMachine.provide() replaces', () => {
  /** Drops the run, and tells how long it is until the next request, up to a limit. */
  async function drop({ connection, clock }: ReturnType<typeof driven>, cursor: string, limit = 10_000): Promise<number> {
    connection.run.context.onCursor(cursor)
    await connection.run.push({ type: 'TEXT_MESSAGE_CONTENT', messageId: 'a', delta: '.' })
    await connection.run.fail(broken())
    return waited({ connection, clock } as ReturnType<typeof driven>, limit)
  }
  async function waited({ connection, clock }: ReturnType<typeof driven>, limit = 10_000): Promise<number> {
    const before = connection.runs.length
    for (let ms = 100; ms <= limit; ms += 100) {
      clock.increment(100)
      await settled()
      if (connection.runs.length > before) return ms
    }
    return Infinity
  }

  it('how long to wait before a dropped run is rejoined', async () => {
    const it = driven(chatMachine.provide({ delays: { backoff: ({ context }) => 1_000 * context.attempt } }))
    await it.send(sending('Hi'))
    await it.connection.run.push(...opening('a', 'H'))
    expect(await drop(it, '1')).toBe(1_000)
    // No progress: the second attempt in a row.
    await it.connection.run.fail(broken())
    expect(await waited(it)).toBe(2_000)
    await it.connection.run.push({ type: 'TEXT_MESSAGE_CONTENT', messageId: 'a', delta: 'i' }, FINISHED)
    await it.connection.run.close()
    expect(it.shown()).toEqual(['Hi', 'H.i'])
  })
  it('how often it is tried', async () => {
    const it = driven(
      chatMachine.provide({ delays: { backoff: 100 }, guards: { canRejoin: ({ context }) => context.cursor !== null && context.attempt < 1 } }),
    )
    await it.send(sending('Hi'))
    await it.connection.run.push(...opening('a', 'H'))
    expect(await drop(it, '1')).toBe(100)
    await it.connection.run.fail(broken())
    expect(it.value()).toBe('error')
  })
  it('whether a command may do its work', async () => {
    const { connection, send, value, actor } = driven(chatMachine.provide({ guards: { canReload: () => false, queues: () => false } }))
    await send(sending('Hi'))
    await send(sending('More'))
    expect(actor.getSnapshot().context.queue).toEqual([])
    await connection.run.push(...run(text('a', 'Hello')))
    await connection.run.close()
    expect(actor.getSnapshot().can({ type: 'user.reload', turnId: 'r' })).toBe(false)
    await send({ type: 'user.reload', turnId: 'r' })
    expect([value(), connection.runs.length]).toEqual([{ idle: 'ready' }, 1])
  })
  it('whether anything is sent: a guard refuses it in every state, and nothing else happens', async () => {
    let isRefused = true
    const { connection, send, value, shown, actor } = driven(chatMachine.provide({ guards: { isRefused: () => isRefused } }))
    const { host } = actor.getSnapshot().context
    const outcome = host.turn('No')
    await send(sending('No'))
    expect(await outcome).toEqual({ outcome: 'dropped' })
    isRefused = false
    await send(sending('Hi'))
    isRefused = true
    await send(sending('Busy'))
    expect([shown(), actor.getSnapshot().context.queue]).toEqual([['Hi'], []])
    await send({ type: 'user.stop' })
    await send(sending('Stopped'))
    expect([value(), shown(), connection.runs.length]).toEqual(['stopped', ['Hi'], 1])
  })
  it('what happens to a message first: a person is asked, and it is sent when they agree', async () => {
    const confirmed = new Set<string>()
    const asked: string[] = []
    const confirm = (id: string) => asked.push(id) > 1
    const { connection, send, shown } = driven(
      chatMachine.provide({
        guards: { isRefused: ({ event }) => event.type === 'user.send' && !confirmed.has(event.message.id) },
        actions: {
          refuseSend({ event, self }) {
            if (event.type !== 'user.send' || !confirm(event.message.id)) return
            confirmed.add(event.message.id)
            self.send(event)
          },
        },
      }),
    )
    await send(sending('Hi'))
    expect([asked, shown(), connection.runs.length]).toEqual([['Hi'], [], 0])
    await send(sending('Hi'))
    expect([asked, shown(), connection.runs.length]).toEqual([['Hi', 'Hi'], ['Hi'], 1])
  })
  it('what is done when something has happened', async () => {
    const failed = vi.fn()
    const { connection, send } = driven(chatMachine.provide({ actions: { reportError: ({ context }) => failed(context.error?.code) } }))
    await send(sending('Hi'))
    await connection.run.fail(new ChatError('http', 'no', { status: 500 }))
    expect(failed.mock.calls).toEqual([['http']])
  })
})

describe("the chat as a part of an app's own machine", () => {
  const connection = manualConnection()
  const app = setup({
    types: {} as {
      context: { draft: string | null; isSignedIn: boolean }
      events: { type: 'send'; text: string } | { type: 'yes' } | { type: 'no' } | { type: 'sign.in' } | { type: 'stop' }
    },
    actors: { chat: chatMachine },
    guards: {
      isSignedIn: ({ context }) => context.isSignedIn,
      isRisky: ({ event }) => event.type === 'send' && /password/.test(event.text),
    },
    actions: {
      keepDraft: assign({ draft: ({ event }) => (event.type === 'send' ? event.text : null) }),
      dropDraft: assign({ draft: null }),
      sendDraft: sendTo('chat', ({ context: { draft }, self }) => {
        const id = `${self.id}:${draft}`
        return { type: 'user.send', turnId: id, message: { ...message(id), parts: [{ type: 'text', content: draft ?? '' }] } }
      }),
    },
  }).createMachine({
    id: 'app',
    context: { draft: null, isSignedIn: false },
    invoke: { id: 'chat', src: 'chat', input: () => ({ connection, threadId: 'embedded' }) },
    initial: 'writing',
    on: { 'sign.in': { actions: assign({ isSignedIn: true }) }, stop: { actions: sendTo('chat', { type: 'user.stop' }) } },
    states: {
      writing: {
        on: {
          send: [
            { guard: 'isRisky', target: 'confirming', actions: 'keepDraft' },
            { guard: 'isSignedIn', actions: ['keepDraft', 'sendDraft', 'dropDraft'] },
          ],
        },
      },
      confirming: {
        on: { yes: { target: 'writing', actions: ['sendDraft', 'dropDraft'] }, no: { target: 'writing', actions: 'dropDraft' } },
      },
    },
  })

  it('sends only what its guard lets by, and what a person has confirmed; ends with the app', async () => {
    const actor = createActor(app).start()
    const chat = () => actor.getSnapshot().children['chat']!.getSnapshot()
    const send = async (event: Parameters<typeof actor.send>[0]) => {
      actor.send(event)
      await settled()
    }

    await send({ type: 'send', text: 'Hi' })
    expect([connection.runs.length, chat().value]).toEqual([0, { idle: 'ready' }])

    await send({ type: 'sign.in' })
    await send({ type: 'send', text: 'Hi' })
    expect(chat().value).toEqual({ running: { streaming: 'connecting' } })
    await connection.run.push(...run(text('a', 'Hello')))
    await connection.run.close()

    await send({ type: 'send', text: 'My password is 123' })
    expect([actor.getSnapshot().value, connection.runs.length]).toEqual(['confirming', 1])
    await send({ type: 'no' })
    await send({ type: 'send', text: 'My password is 1234' })
    await send({ type: 'yes' })
    expect([actor.getSnapshot().value, connection.runs.length]).toEqual(['writing', 2])
    expect(
      chat()
        .context.host.transcript.messages()
        .map(({ parts }) => parts[0]),
    ).toMatchObject([{ content: 'Hi' }, { content: 'Hello' }, { content: 'My password is 1234' }])

    actor.stop()
    expect(connection.run.signal.aborted).toBe(true)
  })
  it('waits for the end of a turn', async () => {
    const actor = createActor(app).start()
    actor.send({ type: 'sign.in' })
    actor.send({ type: 'send', text: 'Hi' })
    await settled()
    const chat = actor.getSnapshot().children['chat']!
    const over = waitFor(chat, (snapshot) => !snapshot.hasTag('busy'))
    await connection.run.push(...run(text('b', 'Hello')))
    await connection.run.close()
    expect((await over).value).toEqual({ idle: 'ready' })
    actor.stop()
  })
})

describe('a snapshot that was persisted in the middle of tool-calling', () => {
  const asking = [
    { name: 'ask' },
    { name: 'mail', needsApproval: true, execute: async () => 'sent' },
    { name: 'look', execute: () => new Promise(() => {}) },
  ]

  async function inToolCalling(calls: readonly [id: string, name: string][]) {
    const it = driven(chatMachine, { tools: asking, threadId: 'thread' })
    await it.send(sending('Q'))
    await it.connection.run.push(STARTED, ...calls.flatMap(([id, name]) => toolCall(id, name, {})), FINISHED)
    await it.connection.run.close()
    expect(it.value()).toEqual({ running: { 'tool-calling': 'local' } })
    return it
  }

  it('goes on in this process, where it holds the conversation itself', async () => {
    const { actor, connection, value } = await inToolCalling([['c1', 'ask']])
    const snapshot = actor.getPersistedSnapshot()
    actor.stop()
    const next = createActor(chatMachine, { snapshot, input: { connection } }).start()
    onTestFinished(() => void next.stop())
    expect(next.getSnapshot().value).toEqual(value())
    next.send({ type: 'tool.result', result: { type: 'tool-result', toolCallId: 'c1', content: '4', state: 'complete' } })
    await settled()
    expect([next.getSnapshot().value, connection.runs.length]).toEqual([{ running: { streaming: 'connecting' } }, 2])
    expect(connection.run.messages.at(-1)?.parts[0]).toMatchObject({ type: 'tool-call', state: 'complete' })
  })

  // As in docs/machine-as-api.md.
  function save(actor: ReturnType<typeof driven>['actor']): string {
    const { transcript } = actor.getSnapshot().context.host
    return JSON.stringify({ snapshot: actor.getPersistedSnapshot(), messages: transcript.messages(), state: transcript.state() })
  }
  function restore(saved: string, input: ChatMachineInput) {
    const { snapshot, messages, state } = JSON.parse(saved)
    const { host, queue } = snapshot.context
    const actor = createActor(chatMachine, { input: { ...input, threadId: host.threadId, initialMessages: messages, initialState: state } }).start()
    actor.send({ type: 'view.attach' })
    for (const { id, message } of queue) actor.send({ type: 'user.send', turnId: id, message })
    onTestFinished(() => void actor.stop())
    return actor
  }

  it('goes on in another process, from JSON and the messages', async () => {
    const first = await inToolCalling([
      ['c1', 'ask'],
      ['c2', 'mail'],
      ['c3', 'look'],
    ])
    await first.send(sending('And then?'))
    const saved = save(first.actor)
    first.actor.stop()

    const connection = manualConnection()
    const actor = restore(saved, { connection, tools: asking })
    await settled()
    const { host, queue } = actor.getSnapshot().context
    const states = () => ['c1', 'c2', 'c3'].map((id) => host.transcript.call(id)?.state)
    expect(actor.getSnapshot().value).toEqual({ running: { 'tool-calling': 'local' } })
    // What was running when the process ended has an end; nothing is done twice.
    expect(states()).toEqual(['input-complete', 'approval-requested', 'error'])
    expect([host.threadId, queue.map(({ id }) => id)]).toEqual(['thread', ['And then?']])

    actor.send({ type: 'tool.result', result: { type: 'tool-result', toolCallId: 'c1', content: '4', state: 'complete' }, output: 4 })
    actor.send({ type: 'tool.approval', toolCallId: 'c2', approved: true })
    await settled()
    expect(states()).toEqual(['complete', 'complete', 'error'])
    expect(actor.getSnapshot().value).toEqual({ running: { streaming: 'connecting' } })
    await connection.run.push(...run(text('b', 'Done')))
    await connection.run.close()
    await settled()
    expect(connection.runs).toHaveLength(2)
    expect(connection.run.messages.at(-1)?.id).toBe('And then?')
  })
  it('holds no function and no message', async () => {
    const { actor } = await inToolCalling([['c1', 'ask']])
    const json = JSON.stringify(actor.getPersistedSnapshot())
    expect(JSON.parse(json).context.host).toEqual({ threadId: 'thread', transcript: expect.objectContaining({ messages: 2 }) })
    expect(json).not.toContain('"parts":[')
  })
})
