import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createWebSocketInspector } from '@statelyai/inspect'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { WebSocketServer } from 'ws'
import { conversation, weatherChat } from './conversation.ts'

/** What `@statelyai/inspect` sends, as far as it is looked at here. */
interface Told {
  type: '@xstate.actor' | '@xstate.event' | '@xstate.snapshot'
  name: string
  sessionId: string
  parentId?: string
  rootId?: string
  sourceId?: string
  definition: string
  event: { type: string }
  snapshot: { value: unknown; context: { host: { transcript: { count: number } } } }
}

let server: WebSocketServer
let told: Told[] = []
let texts: string[] = []

beforeAll(async () => {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  server.on('connection', (socket) =>
    socket.on('message', (data) => {
      const text = (data as Buffer).toString()
      texts.push(text)
      told.push(JSON.parse(text) as Told)
    }),
  )
  await once(server, 'listening')
})
afterAll(() => new Promise((resolve) => server.close(resolve)))

/** A conversation with a tool call, and all that the inspector has sent of it. */
async function inspected(messages: number): Promise<Told[]> {
  told = []
  texts = []
  const { port } = server.address() as AddressInfo
  const inspector = createWebSocketInspector({ url: `ws://127.0.0.1:${port}`, serializationDepthLimit: 30 })
  const chat = weatherChat({ initialMessages: conversation(messages), inspect: inspector.inspect })
  const { outcome } = await chat.sendMessage('Is it sunny in Rome?')
  expect(outcome).toBe('finished')
  const isOver = ({ type, event }: Told) => type === '@xstate.snapshot' && event.type === 'run.closed'
  await vi.waitFor(() => expect(told.filter(isOver)).toHaveLength(2), { timeout: 10_000 })
  chat.dispose()
  inspector.stop()
  return told
}

const changes = (list: string[]) => list.filter((value, i) => value !== list[i - 1])

describe("Stately's WebSocket inspector", () => {
  it('is told of every actor by its name, and of what the machine is', async () => {
    const seen = await inspected(0)
    const actors = seen.filter(({ type }) => type === '@xstate.actor')
    expect(actors.map(({ name }) => name.replace(/^run:.+/, 'run:…'))).toEqual(['chat:weather', 'run:…', 'tool:look:call-1', 'run:…'])
    const [root, ...children] = actors
    expect(children.map(({ parentId }) => parentId)).toEqual([root?.sessionId, root?.sessionId, root?.sessionId])

    const definition = JSON.parse(root?.definition ?? '')
    expect(definition).toMatchObject({ id: 'chat', initial: 'idle' })
    expect(Object.keys(definition.states)).toEqual(['error', 'idle', 'running', 'stopped'])
    // Down to the innermost transition, by name.
    expect(definition.states.running.states['tool-calling'].states.local.on['tool.approval']).toEqual([
      { guard: 'isOwnYes', actions: ['writeAnswer', 'startTool'] },
      { guard: 'isOwed', actions: ['noteAnswer', 'writeAnswer'] },
      { actions: 'warnNotOwed' },
    ])
  })
  it('is told of every event, from whom it came, and of the state it led to', async () => {
    const seen = await inspected(0)
    const nameOf = Object.fromEntries(
      seen.filter(({ type }) => type === '@xstate.actor').map(({ sessionId, name }) => [sessionId, name.replace(/^run:.+/, 'run')]),
    )
    const root = Object.keys(nameOf)[0]
    const events = seen.filter(({ type, sessionId }) => type === '@xstate.event' && sessionId === root)
    const run = ['run.opened run', 'run.chunks run', 'run.closed run']
    expect(changes(events.map(({ event, sourceId = '' }) => `${event.type} ${nameOf[sourceId] ?? ''}`.trim()))).toEqual([
      'xstate.init',
      'user.send',
      ...run,
      'tool.started tool:look:call-1',
      'tool.result tool:look:call-1',
      ...run,
    ])
    const values = seen
      .filter(({ type, sessionId }) => type === '@xstate.snapshot' && sessionId === root)
      .map(({ snapshot }) => JSON.stringify(snapshot.value))
    expect(changes(values)).toEqual([
      '{"idle":"ready"}',
      '{"running":{"streaming":"connecting"}}',
      '{"running":{"streaming":"receiving"}}',
      '{"running":{"tool-calling":"remote"}}',
      '{"running":{"tool-calling":"local"}}',
      '{"running":{"streaming":"connecting"}}',
      '{"running":{"streaming":"receiving"}}',
      '{"idle":"ready"}',
    ])
    expect(seen.findLast(({ type }) => type === '@xstate.snapshot')?.snapshot.context.host.transcript.count).toBe(2)
  })
  it('is told no more after 10,000 messages than at the beginning', async () => {
    await inspected(0)
    const few = Math.max(...texts.map(({ length }) => length))
    const count = texts.length
    await inspected(10_000)
    expect(texts).toHaveLength(count)
    expect(Math.max(...texts.map(({ length }) => length))).toBeLessThan(few + 200)
  })
})
