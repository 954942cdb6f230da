import {
  type Chat,
  createChat,
  syncScheduler,
  useChat,
  useChatSelector,
  useMessage,
  useReadable,
  type UseChatOptions,
  type UseChatResult,
} from '@statechat/svelte'
import { manualConnection, run, scriptedConnection, settled, text } from '@statechat/core/testing'
import { render } from '@testing-library/svelte'
import { flushSync, tick } from 'svelte'
import { describe, expect, onTestFinished, test } from 'vitest'
import { assistant, later, owned, textOf, user } from './support.ts'
import ReadsNothing from './views/reads-nothing.svelte'

const delta = (content: string) => ({ type: 'TEXT_MESSAGE_CONTENT', messageId: 'm1', delta: content }) as const
const [STARTED, OPENED] = run(text('m1'))
const END = run(text('m1')).slice(2)

/** Everything that `look` gave, each time an effect ran it. */
function watch<T>(look: () => T): T[] {
  const seen: T[] = []
  const end = $effect.root(() => {
    $effect(() => void seen.push(look()))
  })
  flushSync()
  onTestFinished(end)
  return seen
}

/** A Readable that counts who listens. */
function counted<T>(of: { get: () => T; subscribe: (onChange: () => void) => () => void }) {
  const readable = {
    open: 0,
    get: of.get,
    subscribe(onChange: () => void) {
      readable.open++
      const end = of.subscribe(onChange)
      return () => {
        readable.open--
        end()
      }
    },
  }
  return readable
}

async function answering(options: Partial<Parameters<typeof createChat>[0]> = {}) {
  const connection = manualConnection()
  const chat = createChat(owned(connection, options))
  onTestFinished(chat.dispose)
  void chat.sendMessage({ content: 'Hello', id: 'u1' })
  await settled()
  await connection.run.push(STARTED!, OPENED!)
  return { chat, connection }
}

describe('useReadable', () => {
  test('is subscribed to only while an effect reads it, once for all of them', async () => {
    const { chat } = await answering()
    const status = counted(chat.status)
    const value = useReadable(status)
    expect(value.current).toBe('streaming')
    expect(status.open).toBe(0)
    const ends = [0, 1, 2].map(() =>
      $effect.root(() => {
        $effect(() => void value.current)
      }),
    )
    flushSync()
    expect(status.open).toBe(1)
    for (const end of ends) end()
    await tick()
    await later()
    expect(status.open).toBe(0)
  })

  test('follows a getter to another Readable, and lets go of the first', async () => {
    const [one, two] = [await answering(), await answering()]
    const [first, second] = [counted(one.chat.status), counted(two.chat.status)]
    let isSecond = $state(false)
    const value = useReadable(() => (isSecond ? second : first))
    const seen = watch(() => value.current)
    two.chat.stop()
    isSecond = true
    flushSync()
    one.chat.stop()
    flushSync()
    await later()
    expect(seen).toEqual(['streaming', 'stopped'])
    expect([first.open, second.open]).toEqual([0, 1])
  })
})

describe('a $derived', () => {
  test('of a field is up to date in an effect and where no effect is', async () => {
    const { chat, connection } = await answering()
    const shown = useChat({ chat })
    let shout!: () => string | undefined
    const end = $effect.root(() => {
      const last = $derived(shown.messages.at(-1))
      const text = $derived(last && textOf(last).toUpperCase())
      shout = () => text
    })
    onTestFinished(end)
    expect(shout()).toBe('')
    await connection.run.push(delta('hi'))
    expect(shout()).toBe('HI')
    const seen = watch(shout)
    await connection.run.push(delta(' there'))
    flushSync()
    expect(seen).toEqual(['HI', 'HI THERE'])
    expect(shout()).toBe('HI THERE')
  })

  test('is up to date when it is watched again after nobody did', async () => {
    const { chat } = await answering()
    const shown = useChat({ chat })
    let isBusy!: () => boolean
    const root = $effect.root(() => {
      const busy = $derived(shown.isLoading)
      isBusy = () => busy
    })
    onTestFinished(root)
    const end = $effect.root(() => {
      $effect(() => void isBusy())
    })
    flushSync()
    end()
    await later()
    chat.stop()
    expect(watch(isBusy)).toEqual([false])
    expect(isBusy()).toBe(false)
  })

  test('does not wake its readers when what it makes of the messages is the same', async () => {
    const { chat, connection } = await answering()
    const shown = useChat({ chat })
    const count = $derived(shown.messages.length)
    const seen = watch(() => count)
    for (let i = 0; i < 20; i++) await connection.run.push(delta('x'))
    expect(seen).toEqual([2])
  })
})

describe('an $effect', () => {
  test('that reads isLoading runs a handful of times while 1,000 deltas arrive; one that reads messages sees them all', async () => {
    const { chat, connection } = await answering()
    const shown = useChat({ chat })
    const busy = watch(() => shown.isLoading)
    const selected = useChatSelector(chat, ({ messages }) => messages.length > 0)
    const any = watch(() => selected.current)
    const texts = watch(() => shown.messages.map(textOf).join())
    for (let i = 0; i < 1000; i++) {
      await connection.run.push(delta('x'))
      flushSync()
    }
    await connection.run.push(...END)
    await connection.run.close()
    flushSync()
    expect(busy).toEqual([true, false])
    expect(any).toEqual([true])
    expect(texts.length).toBeGreaterThanOrEqual(1000)
    expect(texts.at(-1)).toBe(`Hello,${'x'.repeat(1000)}`)
  })

  test('that sends is not run again by what the request reads', async () => {
    let model = $state('a')
    const connection = manualConnection()
    const chat = useChat(owned(connection, { body: () => ({ model }), generateId: () => `${model}${connection.runs.length}` }))
    onTestFinished(() => chat.chat.dispose())
    const sends = watch(() => void chat.sendMessage('Hello'))
    await settled()
    expect(connection.run.context.body).toEqual({ model: 'a' })
    model = 'b'
    flushSync()
    expect(sends).toHaveLength(1)
  })

  test('that asks for branches runs again when they are others', async () => {
    const connection = scriptedConnection(run(text('m1', 'One')), run(text('m2', 'Two')))
    const chat = useChat(owned(connection, { initialMessages: [user('u1', 'First'), assistant('a1', 'Zero')] }))
    onTestFinished(() => chat.chat.dispose())
    const seen = watch(() =>
      chat
        .branches('a1')
        .map(({ id }) => id)
        .join(),
    )
    await chat.reload()
    await settled()
    flushSync()
    expect(seen[0]).toBe('a1')
    expect(seen.at(-1)).toBe('a1,m1')
  })
})

describe('messages', () => {
  test('are plain objects that keep their identity, and can be cloned and posted', async () => {
    const { chat, connection } = await answering({ initialMessages: [user('u0', 'Before')] })
    const shown = useChat({ chat })
    const seen = watch(() => shown.messages)
    const before = shown.messages[0]!
    await connection.run.push(delta('Hi'))
    flushSync()
    expect(seen.length).toBeGreaterThan(1)
    expect(shown.messages).toBe(chat.getSnapshot().messages)
    expect(shown.messages[0]).toBe(before)
    expect(structuredClone(shown.messages)).toEqual(chat.getSnapshot().messages)
  })

  test('one by one wake only the reader of the one that grows', async () => {
    const { chat, connection } = await answering()
    let id = $state('u1')
    const fixed = useMessage(chat, 'm1')
    const chosen = useMessage(
      () => chat,
      () => id,
    )
    const growing = watch(() => fixed.current && textOf(fixed.current))
    const seen = watch(() => chosen.current && textOf(chosen.current))
    await connection.run.push(delta('a'))
    flushSync()
    await connection.run.push(delta('b'))
    flushSync()
    expect(growing).toEqual(['', 'a', 'ab'])
    expect(seen).toEqual(['Hello'])
    id = 'm1'
    flushSync()
    expect(seen).toEqual(['Hello', 'ab'])
  })
})

describe('useChatSelector', () => {
  test('keeps an equal selection, and follows the state that its selector reads', async () => {
    const { chat, connection } = await answering()
    let suffix = $state('?')
    const roles = useChatSelector(
      chat,
      ({ messages }) => messages.map(({ role }) => role + suffix),
      (a, b) => a.join() === b.join(),
    )
    const seen = watch(() => roles.current)
    await connection.run.push(delta('a'))
    flushSync()
    expect(seen).toEqual([['user?', 'assistant?']])
    expect(roles.current).toBe(seen[0])
    suffix = '!'
    flushSync()
    expect(seen).toEqual([
      ['user?', 'assistant?'],
      ['user!', 'assistant!'],
    ])
    chat.clear()
    flushSync()
    expect(roles.current).toEqual([])
    expect(seen).toHaveLength(3)
  })

  test('misses nothing when its state and the chat change back and forth', async () => {
    const { chat } = await answering()
    let add = $state(0)
    const count = useChatSelector(chat, ({ messages }) => messages.length + add)
    const seen = watch(() => count.current)
    add = -2
    flushSync()
    chat.setMessages([user('a', 'a'), user('b', 'b'), user('c', 'c'), user('d', 'd')])
    flushSync()
    expect(seen).toEqual([2, 0, 2])
  })
})

describe('a reader that outlives the component whose useChat it reads', () => {
  test('goes on following the chat', async () => {
    const { chat } = await answering()
    let shown!: UseChatResult
    const { unmount } = render(ReadsNothing, { props: { options: { chat }, onChat: (result: UseChatResult) => (shown = result) } })
    const seen = watch(() => shown.status)
    unmount()
    flushSync()
    chat.stop()
    flushSync()
    expect(seen.at(-1)).toBe('stopped')
  })
})

describe('outside a component', () => {
  test('a chat works, is heard, and ends when it is disposed of', async () => {
    const heard: string[] = []
    const connection = manualConnection()
    const chat = useChat(owned(connection, { onFinish: () => heard.push('finished') }))
    void chat.sendMessage('Hello')
    await settled()
    expect(chat.status).toBe('streaming')
    await connection.run.push(...run(text('m1', 'Hi')))
    await connection.run.close()
    expect(chat.messages.map(textOf)).toEqual(['Hello', 'Hi'])
    expect(heard).toEqual(['finished'])
    void chat.sendMessage('Again')
    await settled()
    chat.chat.dispose()
    expect(connection.run.signal.aborted).toBe(true)
  })

  test('a getter switches threads: the old run ends, and only the new one is heard', async () => {
    const heard: string[] = []
    const rude = manualConnection({ ignoresAbort: true })
    const next = manualConnection()
    let threadId = $state('old')
    const chat = useChat(() => {
      const name = threadId
      return owned(name === 'old' ? rude : next, { threadId, onChunk: () => heard.push(name), onFinish: () => heard.push(`${name} finished`) })
    })
    onTestFinished(() => chat.chat.dispose())
    const seen = watch(() => `${chat.threadId} ${chat.messages.map(textOf).join()}`)
    void chat.sendMessage('Hello')
    await settled()
    await rude.run.push(...run(text('m1', 'Hi')).slice(0, 3))
    flushSync()
    heard.length = 0
    threadId = 'new'
    expect([chat.threadId, chat.messages]).toEqual(['new', []])
    flushSync()
    await rude.run.push(...run(text('m1', 'late')))
    await later()
    expect(rude.run.signal.aborted).toBe(true)
    await rude.run.push(...run(text('m1', 'later still')))
    void chat.sendMessage('Again')
    await settled()
    await next.run.push(...run(text('m2', 'Yes')))
    await next.run.close()
    flushSync()
    expect(new Set(heard)).toEqual(new Set(['new', 'new finished']))
    expect(seen.filter((line) => line.includes('Hi')).every((line) => line.startsWith('old'))).toBe(true)
    expect(seen.at(-1)).toBe('new Again,Yes')
  })

  test('a thread that was left is not heard any more, also when nobody has looked since', async () => {
    const heard: string[] = []
    const connection = manualConnection()
    let threadId = $state('old')
    const chat = useChat(() => {
      const name = threadId
      return owned(connection, { threadId, onChunk: () => heard.push(name) })
    })
    onTestFinished(() => chat.chat.dispose())
    void chat.sendMessage('Hello')
    await settled()
    await connection.run.push(STARTED!, OPENED!)
    expect(new Set(heard)).toEqual(new Set(['old']))
    heard.length = 0
    threadId = 'new'
    await connection.run.push(delta('late'))
    expect(heard).toEqual([])
  })

  test('other options count from the next command on, also before any effect has run', async () => {
    const [one, two] = [manualConnection(), manualConnection()]
    let isTwo = $state(false)
    const chat = useChat(() => owned(isTwo ? two : one))
    onTestFinished(() => chat.chat.dispose())
    const before = chat.chat
    isTwo = true
    void chat.sendMessage('Hello')
    await settled()
    expect([one.runs.length, two.runs.length]).toEqual([0, 1])
    expect(chat.chat).toBe(before)
  })

  test('effects do not run for options that are none of their business', async () => {
    let model = $state('a')
    let given = $state.raw<Chat | null>(null)
    const connection = manualConnection()
    const chat = useChat((): UseChatOptions => (given ? { chat: given } : owned(connection, { threadId: 't', body: { model } })))
    onTestFinished(() => chat.chat.dispose())
    const seen = watch(() => chat.threadId)
    model = 'b'
    flushSync()
    expect(seen).toEqual(['t'])
    const other = createChat({ connection, threadId: 'other', scheduler: syncScheduler })
    given = other
    flushSync()
    expect(seen).toEqual(['t', 'other'])
    expect(chat.chat).toBe(other)
  })

  test('useChat without a chat says what is missing', () => {
    expect(() => useChat()).toThrow(/give it a connection or a chat, or call provideChat/)
  })
})
