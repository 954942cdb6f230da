import { describe, expect, it } from 'vitest'
import { user } from '../../test/chat-kit.ts'
import { settled } from '../../testing/index.ts'
import { KEY, keptChat, manualPage, memoryStorage, slowStorage } from './test-kit.ts'

const quota = () => Object.assign(new Error('Setting the value exceeded the quota.'), { name: 'QuotaExceededError' })
const stored = (id: string) => ({ version: 1, threadId: 't1', messages: [user(id)], head: id, queue: [] })

describe('a storage that fails', () => {
  it('because it is full is reported once, and again after it worked; the chat goes on', async () => {
    const storage = memoryStorage()
    const { ask, answer, clock, warnings, shown } = await keptChat(storage)
    storage.fails.setItem = quota()
    await ask('Q')
    await answer('a', 'A')
    clock.increment(1000)
    await ask('Q2')
    clock.increment(1000)
    await settled()
    expect(warnings).toMatchObject([{ code: 'storage', message: expect.stringContaining('full') as string, seen: storage.fails.setItem }])
    expect(shown()).toBe('Q A Q2')
    delete storage.fails.setItem
    await answer('b', 'B')
    clock.increment(1000)
    expect(storage.json(KEY)['messages']).toHaveLength(4)
    clock.increment(1000)
    storage.fails.setItem = quota()
    await ask('Q3')
    clock.increment(1000)
    await settled()
    expect(warnings).toHaveLength(2)
  })
  it('is tried again with the next change, and when the page is hidden', async () => {
    const storage = memoryStorage()
    const page = manualPage()
    const { ask, clock, warnings } = await keptChat(storage, { persistence: { page } })
    storage.fails.setItem = new Error('busy')
    await ask('Q')
    const tries = storage.log.length
    clock.increment(60_000)
    expect(storage.log.length).toBeLessThanOrEqual(tries + 1)
    delete storage.fails.setItem
    page.hide()
    await settled()
    expect(storage.json(KEY)['messages']).toHaveLength(1)
    expect(warnings.map(({ message }) => message)).toEqual([expect.stringContaining('busy')])
  })
  it('by rejecting is reported too', async () => {
    const { storage, calls } = slowStorage()
    const kept = keptChat(storage)
    await settled()
    await calls[0]!.answer()
    const { ask, warnings, where } = await kept
    await ask('Q')
    await calls[1]!.fail(new Error('offline'))
    await settled()
    expect(warnings).toMatchObject([{ code: 'storage', message: expect.stringContaining('offline') as string }])
    expect(where()).toBe('streaming/connecting')
  })
  it('to answer is reported after ten seconds, and what it did not write is written when it answers', async () => {
    const { storage, calls, items } = slowStorage()
    const kept = keptChat(storage)
    await settled()
    await calls[0]!.answer()
    const { ask, answer, clock, warnings } = await kept
    await ask('Q')
    await answer('a', 'A')
    clock.increment(9_999)
    await settled()
    expect(warnings).toEqual([])
    clock.increment(1)
    clock.increment(60_000)
    await settled()
    expect(warnings).toMatchObject([{ code: 'storage', message: expect.stringContaining('10 seconds') as string }])
    expect(calls).toHaveLength(2)
    await calls[1]!.answer()
    await calls[2]!.answer()
    expect(items.get(KEY)).toContain('"A"')
  })
  it('to answer at the start is not waited for longer than ten seconds', async () => {
    const { storage, calls } = slowStorage()
    const { chat, where, clock, warnings, shown } = await keptChat(storage, { initialMessages: () => [user('Hello')] })
    void chat.sendMessage({ content: 'Q', id: 'Q' })
    expect(where()).toBe('idle/restoring')
    clock.increment(10_000)
    await settled()
    expect(where()).toBe('streaming/connecting')
    expect(shown()).toBe('Hello Q')
    expect(warnings).toMatchObject([{ code: 'storage', message: expect.stringContaining('no answer') as string }])
    expect(calls[0]!.method).toBe('getItem')
  })
  it('to be read does not lose what it holds: that is moved aside before anything is written', async () => {
    const storage = memoryStorage({ [KEY]: stored('Old') })
    storage.fails.getItem = new Error('locked')
    const { ask, answer, clock, warnings, shown, where } = await keptChat(storage)
    expect(where()).toBe('idle/ready')
    await ask('Q')
    await settled()
    expect(storage.json(KEY)).toEqual(stored('Old'))
    expect(warnings.map(({ message }) => message)).toEqual([expect.stringContaining('read'), expect.stringContaining('stored')])
    delete storage.fails.getItem
    clock.increment(1000)
    await answer('a', 'A')
    clock.increment(1000)
    await settled()
    expect(shown()).toBe('Q A')
    expect(storage.json(`${KEY}:corrupt`)).toEqual(stored('Old'))
    expect(storage.json(KEY)['messages']).toHaveLength(2)
  })
  it('to take what is no JSON is reported, and the chat goes on', async () => {
    const storage = memoryStorage()
    const { chat, ask, clock, warnings, where } = await keptChat(storage)
    chat.setState(10n)
    await ask('Q')
    clock.increment(1000)
    await settled()
    expect(warnings).toMatchObject([{ code: 'storage', message: expect.stringContaining('BigInt') as string }])
    expect(where()).toBe('streaming/connecting')
  })
})

describe('data that cannot be a conversation', () => {
  const part = (part: unknown) => ({ ...stored('x'), messages: [{ id: 'x', role: 'assistant', parts: [part] }] })
  const cases: Record<string, unknown> = {
    'is no JSON': '{"messages":[',
    'is empty': '',
    'is null': 'null',
    'is a list': [user('x')],
    'is a number': 7,
    'has no messages': { version: 1, threadId: 't1' },
    'has messages that are none': { ...stored('x'), messages: { length: 1 } },
    'has a message without parts': { ...stored('x'), messages: [{ id: 'x', role: 'user' }] },
    'has two messages of one id': { ...stored('x'), messages: [user('x'), user('x')] },
    'has null for a message': { ...stored('x'), messages: [null] },
    'has null for a part': part(null),
    'has a part without a type': part({ content: 'x' }),
    'has a text without content': part({ type: 'text' }),
    'has a call without a name': part({ type: 'tool-call', id: 'c', arguments: '', state: 'complete' }),
    'has a head that is nowhere': { ...stored('x'), head: 'y' },
    'has a queue that is none': { ...stored('x'), queue: 'Next' },
    'has a queued message without parts': { ...stored('x'), queue: [{ id: 'y', message: { id: 'y', role: 'user' }, options: {} }] },
    'has a queued message that was sent': { ...stored('x'), queue: [{ id: 'x', message: user('x'), options: {} }] },
    'was stored by a newer version': { ...stored('x'), version: 2 },
  }
  it.each(Object.entries(cases))('%s: it is moved aside and reported, and the chat begins without it', async (_, data) => {
    const text = typeof data === 'string' ? data : JSON.stringify(data)
    const storage = memoryStorage({ [KEY]: text })
    const { ask, answer, warnings, shown, where } = await keptChat(storage, { initialMessages: [user('Hello')] })
    expect(where()).toBe('idle/ready')
    expect(shown()).toBe('Hello')
    expect(warnings).toMatchObject([{ code: 'storage', message: expect.stringContaining(`${KEY}:corrupt`) as string, seen: text }])
    expect([...storage.items.keys()].filter((key) => key.endsWith(':corrupt'))).toEqual([`${KEY}:corrupt`])
    expect(storage.items.get(`${KEY}:corrupt`)).toBe(text)
    await ask('Q')
    await answer('a', 'A')
    expect(shown()).toBe('Hello Q A')
  })
  it('and cannot be moved either is reported all the same', async () => {
    const storage = memoryStorage({ [KEY]: '{' })
    storage.fails.setItem = quota()
    const { warnings, where } = await keptChat(storage)
    expect(warnings[0]).toMatchObject({ code: 'storage', seen: '{' })
    expect(where()).toBe('idle/ready')
  })
})

describe('data of an older version', () => {
  const migrate = (data: unknown, version: number | undefined) => {
    if (version === undefined) return { messages: data }
    if (version < 2) throw new Error('too old')
    return { ...(data as object), state: { from: version } }
  }
  it('is migrated, also when it says no version', async () => {
    const old = await keptChat(memoryStorage({ [KEY]: [user('a'), user('b')] }), { persistence: { version: 3, migrate } })
    expect(old.shown()).toBe('a b')
    const newer = await keptChat(memoryStorage({ [KEY]: { ...stored('x'), version: 2 } }), { persistence: { version: 3, migrate } })
    expect(newer.chat.getSnapshot()).toMatchObject({ state: { from: 2 }, messages: [{ id: 'x' }] })
    expect([...old.warnings, ...newer.warnings]).toEqual([])
  })
  it('is corrupt when its migration throws', async () => {
    const storage = memoryStorage({ [KEY]: stored('x') })
    const { warnings, shown } = await keptChat(storage, { persistence: { version: 3, migrate } })
    expect(shown()).toBe('')
    expect(warnings).toMatchObject([{ code: 'storage', message: expect.stringContaining('too old') as string }])
    expect(storage.json(`${KEY}:corrupt`)).toEqual(stored('x'))
  })
  it('is taken as it is without a migration, and stored with the version of today', async () => {
    const storage = memoryStorage({ [KEY]: stored('x') })
    const { shown, ask } = await keptChat(storage, { persistence: { version: 3 } })
    expect(shown()).toBe('x')
    await ask('Q')
    expect(storage.json(KEY)['version']).toBe(3)
  })
})
