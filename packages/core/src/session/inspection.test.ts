import type { InspectionEvent } from 'xstate'
import { describe, expect, it } from 'vitest'
import { assistant, chatTest, FINISHED, macrotasks, opening, STARTED, user } from '../../test/chat-kit.ts'
import { settled, text, toolCall } from '../../testing/index.ts'
import type { ChatOptions } from '../chat.ts'
import type { UIMessage } from '../transcript/message.ts'

type Seen = InspectionEvent & {
  event?: { type: string }
  snapshot?: { value: unknown; context: Record<string, unknown>; can(event: unknown): boolean }
}

/** A chat and what its inspector saw, each event as the JSON that an inspector makes of it at once. */
function inspected(options: Partial<ChatOptions> = {}) {
  const seen: Seen[] = []
  const sizes: number[] = []
  const test = chatTest({
    threadId: 'thread',
    ...options,
    inspect(event) {
      seen.push(event as Seen)
      const { actorRef: _, ...data } = event
      sizes.push(JSON.stringify(data).length)
    },
  })
  const of = (type: string) => seen.filter(({ event, type: kind }) => kind === '@xstate.event' && event?.type === type)
  const snapshots = () => seen.filter(({ type, snapshot }) => type === '@xstate.snapshot' && snapshot && 'context' in snapshot)
  return { ...test, seen, sizes, of, snapshots }
}

const conversation = (count: number): UIMessage[] =>
  Array.from({ length: count }, (_, i) => (i % 2 ? assistant(`a${i}`, { type: 'text', content: 'x'.repeat(200) }) : user(`q${i}`)))

describe('an inspector of a chat', () => {
  it('sees the chat, its runs and its tools as actors with names', async () => {
    const { seen, ask, connection, chat } = inspected({ tools: [{ name: 'look', execute: () => 1 }] })
    await ask('Q')
    const { runId } = chat.getSnapshot()
    await connection.run.push(STARTED, ...toolCall('c1', 'look', {}), FINISHED)
    await connection.run.close()
    const names = seen.flatMap(({ type, actorRef }) => (type === '@xstate.actor' && 'id' in actorRef ? [actorRef.id] : []))
    expect(names).toEqual(['chat:thread', `run:${runId}`, 'tool:look:c1', `run:${chat.getSnapshot().runId}`])
  })
  it('sees of the chunks of a read how many there were, which, and how large', async () => {
    const { of, ask, connection } = inspected()
    await ask('Q')
    const chunks = opening('a', 'x'.repeat(100_000), 'y'.repeat(100_000))
    await connection.run.push(...chunks)
    expect(of('run.chunks').map(({ event }) => event)).toEqual([
      {
        type: 'run.chunks',
        runId: expect.any(String),
        chunks: {
          count: 4,
          types: { RUN_STARTED: 1, TEXT_MESSAGE_START: 1, TEXT_MESSAGE_CONTENT: 2 },
          size: JSON.stringify(chunks).length,
        },
      },
    ])
  })
  it('sees how many messages there are, the last one, and what of it is open', async () => {
    const { snapshots, ask, connection } = inspected()
    await ask('Q')
    await connection.run.push(STARTED, ...text('a', 'Let me look.'), ...toolCall('c1', 'look', {}).slice(0, 2))
    expect(snapshots().at(-1)?.snapshot?.context['host']).toEqual({
      threadId: 'thread',
      transcript: {
        count: 2,
        last: { id: 'a', role: 'assistant', parts: 2 },
        open: [{ type: 'tool-call', id: 'c1', state: 'input-streaming' }],
      },
    })
    expect(snapshots().at(-1)?.snapshot?.context['ledger']).toMatchObject({ calls: { c1: { name: 'look', complete: false } } })
  })
  it('sees each snapshot as it was then', async () => {
    const { snapshots, ask, answer } = inspected()
    await ask('Q')
    await answer('a', 'A')
    const counts = snapshots().map(({ snapshot }) => (snapshot!.context['host'] as { transcript: { count: number } }).transcript.count)
    expect(counts).toEqual([0, 1, 1, 2, 2])
  })
  it('gets snapshots that can be asked', async () => {
    const { snapshots, ask } = inspected()
    await ask('Q')
    const snapshot = snapshots().at(-1)!.snapshot!
    expect(snapshot.value).toEqual({ running: { streaming: 'connecting' } })
    expect([snapshot.can({ type: 'user.stop' }), snapshot.can({ type: 'user.retry', turnId: 't' })]).toEqual([true, false])
  })
  it('sees no function, no credential, and nothing of the connection', async () => {
    const { seen, ask, answer } = inspected({
      body: () => ({ key: 'secret-body' }),
      data: { key: 'secret-data' },
      tools: [{ name: 'look', description: 'secret-tool', execute: () => 1 }],
    })
    await ask('Q')
    await answer('a', 'A')
    const data = seen.map((event) => ({ ...event, actorRef: undefined }))
    expect(JSON.stringify(data)).not.toMatch(/secret/)
  })
  it('sees the beginning too when its code has to be fetched first', async () => {
    const { tellInspector, inspection } = await import('./tell-inspector.ts')
    const get = inspection.get
    inspection.get = () => undefined
    const told: string[] = []
    const tell = tellInspector(({ type }) => void told.push(type))
    tell({ type: '@xstate.actor' } as InspectionEvent)
    tell({ type: '@xstate.event', event: { type: 'a' } } as InspectionEvent)
    expect(told).toEqual([])
    inspection.get = get
    tell({ type: '@xstate.snapshot', snapshot: {} } as InspectionEvent)
    expect(told).toEqual(['@xstate.actor', '@xstate.event', '@xstate.snapshot'])
    await settled()
    expect(told).toHaveLength(3)
  })
})

describe('what an inspector gets', () => {
  /** The largest event of one answer, after so many messages. */
  async function largest(messages: number) {
    const { ask, connection, sizes, chat } = inspected({
      initialMessages: conversation(messages),
      tools: [{ name: 'look', execute: () => 'x'.repeat(100_000) }],
    })
    await ask('Q')
    await connection.run.push(STARTED, ...text('a', 'x'.repeat(100_000)), ...toolCall('c', 'look', { text: 'x'.repeat(100_000) }), FINISHED)
    await connection.run.close()
    await connection.run.push(...opening('b', 'x'.repeat(100_000)))
    chat.setMessages((all) => all)
    return { count: sizes.length, size: Math.max(...sizes) }
  }
  it('is as small after 10,000 messages as after ten, however much is said', async () => {
    const few = await largest(10)
    const many = await largest(10_000)
    expect(many.count).toBe(few.count)
    expect(few.size).toBeLessThan(4_000)
    // More digits.
    expect(many.size).toBeLessThan(few.size + 50)
  })
  it('is small with stored messages, a long queue and an error with a body', async () => {
    const { ask, chat, sizes, connection } = inspected({ initialMessages: () => conversation(1_000) })
    await ask('x'.repeat(100_000))
    await settled()
    for (let i = 0; i < 100; i++) void chat.sendMessage(`${i} ${'y'.repeat(1_000)}`)
    await settled()
    const { ChatError } = await import('../errors.ts')
    await connection.run.fail(new ChatError('http', 'x'.repeat(10_000), { body: { html: 'x'.repeat(60_000) } }))
    expect(chat.getSnapshot().status).toBe('error')
    expect(Math.max(...sizes)).toBeLessThan(20_000)
  })
  it('changes nothing when the inspector throws, at any event', async () => {
    const tasks = macrotasks()
    let thrown = 0
    const { ask, connection, shown, where } = chatTest({
      tools: [{ name: 'look', execute: () => 1 }],
      inspect: () => {
        thrown++
        throw new Error('inspector')
      },
    })
    await ask('Q')
    await connection.run.push(STARTED, ...toolCall('c', 'look', {}), FINISHED)
    await connection.run.close()
    await connection.run.push(STARTED, ...text('b', 'Done'), FINISHED)
    await connection.run.close()
    expect([where(), shown()]).toEqual(['idle/ready', expect.stringContaining('Done')])
    expect(thrown).toBeGreaterThan(20)
    expect(tasks.run()).toHaveLength(thrown)
  })
})
