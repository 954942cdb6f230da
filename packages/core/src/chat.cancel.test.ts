import { describe, expect, it } from 'vitest'
import { type ChatTest, chatTest, FINISHED, isSettled, opening, STARTED, user } from '../test/chat-kit.ts'
import { manualConnection, settled, text, toolCall } from '../testing/index.ts'
import type { CancelledRun, Connection } from './connection/connection.ts'
import { ChatError } from './errors.ts'

const dropped = new ChatError('network', 'The connection broke.')

/** A turn of which the request is out, to a server that takes it again; nothing has come. */
async function asked(options: Parameters<typeof chatTest>[0] = {}): Promise<ChatTest> {
  const test = chatTest({ cancels: true, ...options })
  await test.ask('Q')
  test.connection.run.context.onCursor('')
  return test
}
/** A turn in the middle of its text, with a position. */
async function answering(options: Parameters<typeof chatTest>[0] = {}): Promise<ChatTest> {
  const test = chatTest({ cancels: true, ...options })
  await test.ask('Q')
  test.connection.run.context.onCursor('1')
  await test.connection.run.push(...opening('a', 'one '))
  return test
}

/** A connection whose cancels end when the test says so. */
function pending() {
  const manual = manualConnection()
  const cancels: (CancelledRun & { resolve(): void; reject(error: Error): void })[] = []
  const connection: Connection = {
    connect: (...call) => manual.connect(...call),
    cancel: (run) => new Promise((resolve, reject) => cancels.push({ ...run, resolve, reject })),
  }
  return { manual, cancels, connection }
}
/** A turn on such a connection, in the middle of its text. */
async function cancellable() {
  const { manual, cancels, connection } = pending()
  const test = chatTest({ connection })
  await test.ask('Q')
  manual.run.context.onCursor('1')
  await manual.run.push(...opening('a', 'one '))
  return { ...test, manual, cancels }
}

describe('a run that goes on at the server without its reader', () => {
  it('is cancelled there when it is stopped before it has answered', async () => {
    const { chat, connection, where } = await asked()
    await chat.stop()
    expect(where()).toBe('stopped')
    expect(connection.cancelled).toEqual([connection.run.context.runId])
    expect(connection.run.signal.aborted).toBe(true)
  })
  it.each<[string, (test: ChatTest) => unknown]>([
    ['waits to be rejoined', () => {}],
    ['is offline', ({ network }) => network.tell('network.offline')],
    ['is rejoined', ({ network }) => network.tell('network.online')],
  ])('is cancelled there when it is stopped while it %s', async (_where, go) => {
    const test = await answering()
    await test.connection.run.fail(dropped)
    go(test)
    await test.chat.stop()
    expect(test.where()).toBe('stopped')
    expect(test.connection.cancelled).toEqual([test.connection.runs[0]!.context.runId])
  })
  it.each<[string, (test: ChatTest) => unknown]>([
    ['reload', ({ chat }) => chat.reload()],
    ['edit', ({ chat }) => chat.edit('Q', 'Q again')],
    ['clear', ({ chat }) => chat.clear()],
    ['setMessages', ({ chat }) => chat.setMessages([user('other')])],
    ['a send that interrupts', ({ chat }) => chat.sendMessage('Q2')],
  ])('is cancelled there by %s too, and the next run is not', async (_command, act) => {
    const test = await answering({ whileBusy: 'interrupt' })
    const { runId } = test.connection.run.context
    void act(test)
    await settled()
    expect(test.connection.cancelled).toEqual([runId])
    await test.chat.stop()
    expect(test.connection.cancelled).toEqual([runId])
  })
  it.each<[string, (test: ChatTest) => unknown]>([
    ['dispose', ({ chat }) => chat.dispose()],
    ['detach', ({ chat }) => chat.detach()],
    ['a send that waits', ({ chat }) => chat.sendMessage('Q2')],
    ['a failure', ({ connection }) => connection.run.fail(new ChatError('http', '410', { status: 410 }))],
    ['its own end', ({ connection }) => connection.run.push(...text('a').slice(1), FINISHED)],
  ])('goes on there after %s', async (_what, act) => {
    const test = await answering()
    test.chat.attach()
    void act(test)
    await settled()
    expect(test.connection.cancelled).toEqual([])
  })
  it('is not cancelled when it has said that it is over, though its stream is still open', async () => {
    const { chat, connection, where } = await answering()
    await connection.run.push(...text('a').slice(1), FINISHED)
    expect(where()).toBe('streaming/receiving')
    await chat.stop()
    expect(connection.cancelled).toEqual([])
  })
  it('is not cancelled while its calls are answered here: it is over', async () => {
    const { chat, connection, where } = await answering({ tools: [{ name: 'ask' }] })
    await connection.run.push(...toolCall('c', 'ask', {}), FINISHED)
    await connection.run.close()
    expect(where()).toBe('tool-calling/local')
    await chat.stop()
    expect(connection.cancelled).toEqual([])
  })
  it('is cancelled while its server runs a tool', async () => {
    const { chat, connection, where } = await answering()
    await connection.run.push(...toolCall('c', 'theirs', {}))
    expect(where()).toBe('tool-calling/remote')
    await chat.stop()
    expect(connection.cancelled).toEqual([connection.run.context.runId])
  })
  it('is cancelled once, however often it is stopped', async () => {
    const { chat, connection } = await answering()
    await Promise.all([chat.stop(), chat.stop()])
    await chat.stop()
    expect(connection.cancelled).toHaveLength(1)
  })
  it('after which the next turn is another run, and is cancelled by itself', async () => {
    const { chat, connection, ask } = await answering()
    await chat.stop()
    await ask('Q2')
    connection.run.context.onCursor('')
    await chat.stop()
    expect(connection.cancelled).toEqual(connection.runs.map(({ context }) => context.runId))
    expect(new Set(connection.cancelled).size).toBe(2)
  })
})

describe('a run that ends with its connection', () => {
  it('is not cancelled: it has no position', async () => {
    const { chat, connection, ask } = chatTest({ cancels: true })
    await ask('Q')
    await connection.run.push(...opening('a', 'one '))
    await chat.stop()
    expect(connection.cancelled).toEqual([])
  })
  it('is stopped at once where the connection cannot cancel', async () => {
    const { chat, connection, where } = await answering({ cancels: false })
    expect('cancel' in connection).toBe(false)
    await chat.stop()
    expect(where()).toBe('stopped')
  })
})

describe('stop()', () => {
  it('is done for a reader at once, and its promise when the server has ended the run', async () => {
    const { chat, cancels, manual, where, shown } = await cancellable()
    const stopped = chat.stop()
    expect([where(), shown()]).toEqual(['stopped', 'Q one '])
    expect(cancels).toMatchObject([{ threadId: chat.threadId, runId: manual.run.context.runId }])
    expect(await isSettled(stopped)).toBe(false)
    cancels[0]!.resolve()
    await stopped
  })
  it('a second one waits for the same', async () => {
    const { chat, cancels } = await cancellable()
    void chat.stop()
    const second = chat.stop()
    expect(await isSettled(second)).toBe(false)
    expect(cancels).toHaveLength(1)
    cancels[0]!.resolve()
    await second
  })
  it('does not keep the next turn waiting', async () => {
    const { chat, manual, cancels, ask, where } = await cancellable()
    const stopped = chat.stop()
    await ask('Q2')
    await manual.run.push(STARTED, ...text('b', 'B'), FINISHED)
    await manual.run.close()
    expect(where()).toBe('idle/ready')
    expect(await isSettled(stopped)).toBe(false)
    cancels[0]!.resolve()
    await stopped
  })
  it('of a server that cannot be reached is one warning, and its promise resolves', async () => {
    const warnings: unknown[] = []
    const { manual, cancels, connection } = pending()
    const { chat, ask, where } = chatTest({ connection, onWarning: (warning) => warnings.push(warning) })
    await ask('Q')
    manual.run.context.onCursor('')
    const stopped = chat.stop()
    const cause = new Error('503')
    cancels[0]!.reject(cause)
    await stopped
    expect(where()).toBe('stopped')
    expect(warnings).toEqual([{ code: 'not_cancelled', message: expect.stringContaining(`run ${manual.run.context.runId}`), seen: cause }])
    await chat.stop()
    expect(warnings).toHaveLength(1)
  })
  it('of a connection whose cancel throws at once is the same', async () => {
    const manual = manualConnection()
    const connection: Connection = {
      connect: (...call) => manual.connect(...call),
      cancel() {
        throw new Error('no')
      },
    }
    const { chat, ask, log } = chatTest({ connection })
    await ask('Q')
    manual.run.context.onCursor('')
    await chat.stop()
    expect(log).toEqual(['onWarning not_cancelled (stopped)'])
  })
  it('of a chat in which nothing is in flight resolves', async () => {
    const { chat, connection } = chatTest({ cancels: true })
    await chat.stop()
    expect(connection.cancelled).toEqual([])
  })
  it('that waits resolves after dispose too', async () => {
    const { chat, cancels } = await cancellable()
    const stopped = chat.stop()
    chat.dispose()
    cancels[0]!.resolve()
    expect(await isSettled(stopped)).toBe(true)
  })
})
