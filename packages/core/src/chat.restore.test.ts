import { describe, expect, it } from 'vitest'
import { chatTest, user } from '../test/chat-kit.ts'
import { settled } from '../testing/index.ts'
import type { UIMessage } from './transcript/message.ts'

/** A storage that a test answers by hand. */
function storage() {
  const reads: { resolve: (messages: readonly UIMessage[]) => void; reject: (error: unknown) => void }[] = []
  return { reads, read: () => new Promise<readonly UIMessage[]>((resolve, reject) => reads.push({ resolve, reject })) }
}

describe('stored messages', () => {
  it('are read when a view attaches, not before, and once', async () => {
    const { reads, read } = storage()
    const { chat, where, shown } = chatTest({ initialMessages: read })
    expect(reads).toHaveLength(0)
    expect(where()).toBe('idle/ready')
    chat.attach()
    chat.attach()
    expect(where()).toBe('idle/restoring')
    await settled()
    expect(reads).toHaveLength(1)
    reads[0]!.resolve([user('stored')])
    await settled()
    expect(where()).toBe('idle/ready')
    expect(shown()).toBe('stored')
    chat.detach()
    chat.attach()
    await settled()
    expect(reads).toHaveLength(1)
  })
  it('that were stored in the middle of an answer are as it was left: nobody writes to them any more', () => {
    const parts = [
      { type: 'thinking', content: 'Hm', state: 'streaming' },
      { type: 'text', content: 'Hel', state: 'streaming' },
      { type: 'tool-call', id: 'c', name: 'ask', arguments: '{"a":', state: 'input-streaming', input: {} },
      { type: 'structured-output', raw: '{"a":1', status: 'streaming', partial: { a: 1 } },
    ] as const
    const done: UIMessage = { id: 'b', role: 'assistant', parts: [{ type: 'text', content: 'So.', state: 'done' }], parentId: 'a' }
    const stored: UIMessage[] = [{ id: 'a', role: 'assistant', parts, parentId: null }, done]
    const { chat } = chatTest({ initialMessages: stored })
    const settledParts = [{ state: 'done' }, { state: 'done' }, { state: 'cancelled' }, { status: 'error', partial: { a: 1 } }]
    expect(chat.messages.get()[0]!.parts).toMatchObject(settledParts)
    expect(chat.messages.get()[0]!.parts[2]).not.toHaveProperty('input')
    expect(chat.messages.get()[1]).toBe(done)
    chat.setMessages(stored)
    expect(chat.messages.get()[0]!.parts).toMatchObject(settledParts)
  })
  it('may come from a plain function', async () => {
    const { chat, shown } = chatTest({ initialMessages: () => [user('stored')] })
    chat.attach()
    await settled()
    expect(shown()).toBe('stored')
  })
  it('a message sent meanwhile goes after them', async () => {
    const { reads, read } = storage()
    const { chat, connection, where, shown, answer } = chatTest({ initialMessages: read })
    const turn = chat.sendMessage({ content: 'Q', id: 'Q' })
    expect(where()).toBe('idle/restoring')
    await settled()
    expect(connection.runs).toHaveLength(0)
    reads[0]!.resolve([user('stored')])
    await settled()
    expect(shown()).toBe('stored Q')
    expect(connection.run.messages.map(({ id }) => id)).toEqual(['stored', 'Q'])
    await answer('a', 'A')
    expect(await turn).toMatchObject({ outcome: 'finished' })
  })
  it.each<[string, (fail: (error: unknown) => void, resolve: (messages: readonly UIMessage[]) => void) => void]>([
    ['cannot be read', (reject) => reject(new Error('disk full'))],
    ['are no transcript', (_, resolve) => resolve([{ nonsense: true } as never])],
  ])('that %s are an error, and retry reads them again', async (_what, fail) => {
    const { reads, read } = storage()
    const { chat, where, shown, log } = chatTest({ initialMessages: read })
    chat.attach()
    await settled()
    fail(reads[0]!.reject, reads[0]!.resolve)
    await settled()
    expect(where()).toBe('error')
    expect(chat.getSnapshot()).toMatchObject({ error: { code: 'restore' }, canRetry: true, canSend: true })
    expect(log).toEqual(['onError restore (error)'])
    void chat.retry()
    await settled()
    expect(where()).toBe('idle/restoring')
    reads[1]!.resolve([user('stored')])
    await settled()
    expect(shown()).toBe('stored')
    expect(where()).toBe('idle/ready')
  })
  it('retry of reading settles too', async () => {
    const { reads, read } = storage()
    const { chat } = chatTest({ initialMessages: read })
    chat.attach()
    await settled()
    reads[0]!.reject(new Error('no'))
    await settled()
    const retry = chat.retry()
    await settled()
    reads[1]!.resolve([])
    await settled()
    let outcome: unknown = 'pending'
    void retry.then((result) => (outcome = result.outcome))
    await settled()
    expect(outcome).toBe('finished')
  })
  it('after a failure, a send reads them again and then sends', async () => {
    const { reads, read } = storage()
    const { chat, shown } = chatTest({ initialMessages: read })
    chat.attach()
    await settled()
    reads[0]!.reject(new Error('no'))
    await settled()
    void chat.sendMessage('Q')
    await settled()
    reads[1]!.resolve([user('stored')])
    await settled()
    expect(shown()).toBe('stored Q')
  })
  it('after a failure, the queue goes on with resumeQueue, and never ahead of them', async () => {
    const { reads, read } = storage()
    const { chat, shown, answer, ask } = chatTest({ initialMessages: read })
    void chat.sendMessage('Q')
    await settled()
    reads[0]!.reject(new Error('no'))
    await settled()
    expect(chat.getSnapshot().queue).toHaveLength(1)
    chat.resumeQueue()
    await settled()
    expect(reads).toHaveLength(2)
    reads[1]!.resolve([user('stored')])
    await settled()
    expect(shown()).toBe('stored Q')
    await answer('a', 'A')
    await ask('Q2')
    expect(shown()).toBe('stored Q A Q2')
  })
  it('do not come back after clear', async () => {
    for (const clearWhile of ['ready', 'restoring', 'error'] as const) {
      const { reads, read } = storage()
      const { chat, connection, shown, ask } = chatTest({ initialMessages: read })
      if (clearWhile !== 'ready') chat.attach()
      await settled()
      if (clearWhile === 'error') reads[0]!.reject(new Error('no'))
      await settled()
      chat.clear()
      reads[0]?.resolve([user('stored')])
      await settled()
      expect(shown()).toBe('')
      await ask('Q')
      expect(shown(), clearWhile).toBe('Q')
      expect(connection.runs).toHaveLength(1)
    }
  })
  it('do not come over what setMessages put there', async () => {
    const { reads, read } = storage()
    const { chat, shown, where } = chatTest({ initialMessages: read })
    chat.attach()
    await settled()
    chat.setMessages([user('other')])
    expect(where()).toBe('idle/ready')
    reads[0]!.resolve([user('stored')])
    await settled()
    expect(shown()).toBe('other')
  })
  it('stop does not interrupt the reading', async () => {
    const { reads, read } = storage()
    const { chat, where, shown } = chatTest({ initialMessages: read })
    chat.attach()
    await settled()
    chat.stop()
    expect(where()).toBe('idle/restoring')
    reads[0]!.resolve([user('stored')])
    await settled()
    expect(shown()).toBe('stored')
  })
})
