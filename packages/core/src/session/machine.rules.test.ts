import { describe, expect, it } from 'vitest'
import { createActor, SimulatedClock } from 'xstate'
import { toDirectedGraph } from 'xstate/graph'
import { manualConnection, settled, text, toolCall, toolResult } from '../../testing/index.ts'
import { ChatError } from '../errors.ts'
import type { Chunk } from '../protocol/chunk.ts'
import type { ChatEvent } from './events.ts'
import { chatMachine } from './machine.ts'
import { assistant, drive, type Machine, send, show, user } from './test-kit.ts'

const started: Chunk = { type: 'RUN_STARTED', threadId: 't', runId: 'r' }
const finished: Chunk = { type: 'RUN_FINISHED', threadId: 't', runId: 'r' }
const finishedFor = (finishReason: string): Chunk => ({ ...finished, metadata: { finishReason } }) as Chunk
const running = (options: Parameters<typeof drive>[0] = {}) => drive(options).send(send('Q')).run.opened().run.chunks(started)
const failed = (machine: Machine): ChatEvent => ({
  type: 'run.failed',
  runId: machine.snapshot.context.runId ?? '',
  error: new ChatError('http', '500'),
})
const shown = ({ host }: Machine) => show(host.transcript.messages())

describe('rule 1: a turn ends when the stream ends, not at the first RUN_FINISHED', () => {
  it('stays in running between the runs of a loop', () => {
    const machine = running().run.chunks(...text('a', 'A'), finished)
    expect(machine.phase).toBe('receiving')
    expect(machine.calls).toEqual([])
    machine.run.chunks(started, ...text('b', 'B'), finished)
    expect(machine.calls).toEqual([])
    machine.run.closed()
    expect(machine.phase).toBe('ready')
    expect(machine.calls).toEqual(['onFinish'])
  })
})

describe('rule 2: truncation is an error', () => {
  it.each<[string, Chunk[]]>([
    ['no terminal chunk', text('a', 'A')],
    ['a second run that was begun', [finished, started]],
    ['text after the end', [finished, ...text('a', 'A')]],
    ['tool calls that the server was to run', [...toolCall('c', 'theirs', {}), finishedFor('tool_calls')]],
    ['results after which the model was to go on', [...toolCall('c', 'theirs', {}), finishedFor('tool_calls'), toolResult('c', 1)]],
  ])('%s', (_what, chunks) => {
    const machine = running({ tools: [{ name: 'mine' }] })
    machine.run.chunks(...chunks).run.closed()
    expect(machine.phase).toBe('error')
    expect(machine.snapshot.context.error?.code).toBe('truncated')
    expect(machine.calls).toEqual(['onError truncated'])
  })
  it('an in-process iterable that never sent RUN_STARTED and ends by itself has finished', () => {
    const machine = drive()
      .send(send('Q'))
      .run.opened()
      .run.chunks(...text('a', 'A'))
      .run.closed()
    expect(machine.phase).toBe('ready')
    expect(machine.calls).toEqual(['onFinish'])
  })
})

describe('rule 3: leaving running finalises parts', () => {
  const open: Chunk[] = [
    { type: 'REASONING_MESSAGE_START', messageId: 'r', role: 'reasoning' },
    { type: 'REASONING_MESSAGE_CONTENT', messageId: 'r', delta: 'hm' },
    ...text('a', 'A').slice(0, 2),
    { type: 'TOOL_CALL_START', toolCallId: 'c0', toolCallName: 'bare' },
    { type: 'TOOL_CALL_START', toolCallId: 'c1', toolCallName: 'cut' },
    { type: 'TOOL_CALL_ARGS', toolCallId: 'c1', delta: '{"a":1' },
    ...toolCall('c2', 'whole', {}),
  ]
  it.each<[string, (machine: Machine) => unknown]>([
    ['stop', (machine) => machine.send({ type: 'user.stop' })],
    ['failure', (machine) => machine.send(failed(machine))],
    ['RUN_ERROR', (machine) => machine.run.chunks({ type: 'RUN_ERROR', message: 'no' })],
    ['truncation', (machine) => machine.run.closed()],
  ])('after %s', (_how, leave) => {
    const machine = running().run.chunks(...open)
    expect(shown(machine)).toBe('Q (hm…)A…{bare:awaiting-input}{cut:input-streaming}{whole:input-complete}')
    leave(machine)
    expect(shown(machine)).toBe('Q (hm)A{bare:cancelled}{cut:cancelled}{whole:cancelled}')
  })
  it('removes an assistant message without parts', () => {
    const machine = running().run.chunks({ type: 'TEXT_MESSAGE_START', messageId: 'a' }).send({ type: 'user.stop' })
    expect(machine.host.transcript.messages()).toHaveLength(1)
  })
})

describe('rule 5: continuation is bounded', () => {
  const asking = (n: number) => [started, ...toolCall(`c${n}`, 'ask', {}), finished]
  const answer = (n: number): ChatEvent => ({
    type: 'tool.result',
    result: { type: 'tool-result', toolCallId: `c${n}`, content: '1', state: 'complete' },
  })

  it('by maxSteps runs in a row without a user message', () => {
    const machine = drive({ tools: [{ name: 'ask' }], maxSteps: 2 })
      .send(send('Q'))
      .run.opened()
    for (const n of [1, 2]) {
      machine.run
        .chunks(...asking(n))
        .run.closed()
        .send(answer(n))
      expect(machine.phase).toBe('connecting')
      machine.run.opened()
    }
    machine.run
      .chunks(...asking(3))
      .run.closed()
      .send(answer(3))
    expect(machine.phase).toBe('error')
    expect(machine.snapshot.context.error?.code).toBe('max_steps')
    expect(machine.outcomes).toEqual(['Q failed'])
  })
})

describe('rule 6: the queue waits on success only', () => {
  const withQueue = () => running().send(send('Q2'), send('Q3'))
  const waiting = ({ snapshot }: Machine) => snapshot.context.queue.map(({ id }) => id).join(' ')
  const paused: [string, (machine: Machine) => unknown][] = [
    ['stopped', (machine) => machine.send({ type: 'user.stop' })],
    ['error', (machine) => machine.send(failed(machine))],
    ['ready', (machine) => machine.send({ type: 'user.clear' })],
  ]

  it.each(paused)('in %s it is paused: resumeQueue goes on', (phase, pause) => {
    const machine = withQueue()
    pause(machine)
    expect([machine.phase, waiting(machine)]).toEqual([phase, 'Q2 Q3'])
    machine.send({ type: 'user.resumeQueue' })
    expect([machine.phase, waiting(machine)]).toEqual(['connecting', 'Q3'])
    expect(shown(machine).split(' ').at(-1)).toBe('Q2')
  })
  it.each(paused)('in %s the next send goes behind and starts the first', (_phase, pause) => {
    const machine = withQueue()
    pause(machine)
    machine.send(send('Q4'))
    expect([machine.phase, waiting(machine)]).toEqual(['connecting', 'Q3 Q4'])
    expect(shown(machine).split(' ').at(-1)).toBe('Q2')
  })
  it.each(paused)('in %s an item can be taken out', (phase, pause) => {
    const machine = withQueue()
    pause(machine)
    machine.send({ type: 'user.unqueue', id: 'Q2' })
    expect([machine.phase, waiting(machine)]).toEqual([phase, 'Q3'])
    expect(machine.outcomes).toContain('Q2 dropped')
  })
  it('during a turn nothing resumes it', () => {
    const machine = withQueue()
    const { snapshot } = machine
    expect(machine.send({ type: 'user.resumeQueue' }).snapshot).toBe(snapshot)
    machine.send({ type: 'user.unqueue', id: 'Q2' })
    expect(waiting(machine)).toBe('Q3')
  })
  it('goes on after success, when the machine has settled', () => {
    const machine = withQueue().run.chunks(finished).run.closed()
    expect(machine.phase).toBe('ready')
    expect(machine.actions).toContain('resumeQueueSoon')
    machine.send({ type: 'user.resumeQueue' })
    expect([machine.phase, waiting(machine)]).toEqual(['connecting', 'Q3'])
  })
})

describe('rule 9: effects are injected', () => {
  it('the wait before rejoining comes from the clock and the random source of the options', async () => {
    const clock = new SimulatedClock()
    const connection = manualConnection()
    const actor = createActor(chatMachine, { input: { connection, random: () => 0.1 }, clock }).start()
    actor.send(send('Q'))
    await settled()
    connection.run.context.onCursor('1')
    await connection.run.push(started)
    await connection.run.fail(new ChatError('network', 'gone'))
    clock.increment(49)
    await settled()
    expect(connection.runs).toHaveLength(1)
    clock.increment(1)
    await settled()
    expect(connection.runs).toHaveLength(2)
    actor.stop()
  })
})

describe('rule 11: it can be drawn', () => {
  it('every state and target is literal', () => {
    type Graph = { id: string; children: Graph[]; edges: { target: { id: string } }[] }
    const graph = toDirectedGraph(chatMachine) as unknown as Graph
    const ids = ({ id, children }: Graph): string[] => [id, ...children.flatMap(ids)]
    expect(ids(graph)).toEqual([
      'chat',
      'chat.idle',
      'chat.idle.ready',
      'chat.idle.restoring',
      'chat.idle.restoring.loading',
      'chat.idle.restoring.joining',
      'chat.running',
      'chat.running.streaming',
      'chat.running.streaming.connecting',
      'chat.running.streaming.replaying',
      'chat.running.streaming.receiving',
      'chat.running.streaming.reconnecting',
      'chat.running.streaming.reconnecting.waiting',
      'chat.running.streaming.reconnecting.offline',
      'chat.running.streaming.reconnecting.rejoining',
      'chat.running.tool-calling',
      'chat.running.tool-calling.remote',
      'chat.running.tool-calling.local',
      'chat.error',
      'chat.stopped',
    ])
    expect(() => JSON.stringify(chatMachine.config)).not.toThrow()
  })
})

describe('a snapshot made by hand', () => {
  it('can be resolved and stepped, without an actor', () => {
    const { host } = drive({ initialMessages: [user('Q'), assistant('A')] })
    const snapshot = chatMachine.resolveState({ value: 'stopped', context: { ...drive().snapshot.context, host } })
    expect(snapshot.can({ type: 'user.retry', turnId: 'R' })).toBe(false)
    expect(snapshot.can({ type: 'user.reload', turnId: 'R' })).toBe(true)
    expect(snapshot.can({ type: 'user.stop' })).toBe(false)
    expect(snapshot.hasTag('busy')).toBe(false)
  })
})
