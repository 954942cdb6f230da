import {
  type Chat,
  ChatError,
  ChatProvider,
  createChat,
  syncScheduler,
  useChat,
  useChatContext,
  useChatSelector,
  type UseChatOptions,
  useMessage,
  useReadable,
} from '@statechat/solid'
import { manualConnection, run, scriptedConnection, settled, text } from '@statechat/core/testing'
import { render } from '@solidjs/testing-library'
import { batch, createEffect, createRoot, createSignal, ErrorBoundary, mergeProps, Show } from 'solid-js'
import { describe, expect, test } from 'vitest'
import { assistant, later, owned, show, textOf, user } from './support.tsx'

describe('an owner that is no component', () => {
  test('shows, commands and ends a chat: createRoot', async () => {
    const connection = manualConnection()
    const seen: string[] = []
    const { chat, dispose } = createRoot((dispose) => {
      const chat = useChat(owned(connection))
      createEffect(() => seen.push(`${chat.status}: ${chat.messages.map(textOf).join(', ')}`))
      return { chat, dispose }
    })
    void chat.sendMessage('Hello')
    await settled()
    await connection.run.push(...run(text('m1', 'Hi')))
    expect(seen.at(-1)).toBe('streaming: Hello, Hi')
    const before = seen.length
    dispose()
    await later()
    expect(connection.run.signal.aborted).toBe(true)
    expect(seen).toHaveLength(before)
  })

  test('attaches a chat while it lives, so that stored messages are read', async () => {
    let reads = 0
    const chat = createChat({ connection: manualConnection(), scheduler: syncScheduler, initialMessages: () => (reads++, [user('u1', 'Stored')]) })
    await createRoot(async (dispose) => {
      const shown = useChat({ chat })
      expect(reads).toBe(0)
      await settled()
      expect(shown.messages.map(textOf)).toEqual(['Stored'])
      dispose()
    })
    expect(reads).toBe(1)
  })

  test('that ends before its effects have run leaves nothing behind', async () => {
    const connection = manualConnection()
    const chat = createChat({ connection })
    let held = 0
    const counted: Chat = { ...chat, retain: () => (held++, chat.retain()), attach: () => held++ }
    createRoot((dispose) => {
      useChat({ chat: counted })
      dispose()
    })
    await later()
    expect(held).toBe(0)
  })
})

describe('options', () => {
  test('may be an object with getters, as mergeProps makes it', async () => {
    const [threadId, setThreadId] = createSignal('a')
    const [model, setModel] = createSignal('small')
    const connection = manualConnection()
    const options: UseChatOptions = mergeProps(owned(connection), {
      get threadId() {
        return threadId()
      },
      get body() {
        return { model: model() }
      },
    })
    await createRoot(async (dispose) => {
      const chat = useChat(options)
      const before = chat.chat
      setModel('large')
      expect(chat.chat).toBe(before)
      void chat.sendMessage('Hello')
      await settled()
      expect(connection.run.context.body).toEqual({ model: 'large' })
      setThreadId('b')
      expect(chat.threadId).toBe('b')
      expect(chat.messages).toHaveLength(0)
      await later()
      expect(connection.run.signal.aborted).toBe(true)
      dispose()
    })
  })

  test('that change together are one switch', () => {
    const [threadId, setThreadId] = createSignal('a')
    const [model, setModel] = createSignal('small')
    const seen: string[] = []
    createRoot((dispose) => {
      const chat = useChat(() =>
        owned(manualConnection(), { threadId: threadId(), body: { model: model() }, initialMessages: [user('u1', threadId())] }),
      )
      createEffect(() => seen.push(`${chat.threadId} ${chat.messages.map(textOf).join()}`))
      queueMicrotask(dispose)
    })
    batch(() => {
      setModel('large')
      setThreadId('b')
    })
    expect(seen).toEqual(['a a', 'b b'])
  })

  test('read a signal in a callback without following it', async () => {
    const [name, setName] = createSignal('first')
    const heard: string[] = []
    let made = 0
    const chat = show(owned(scriptedConnection(run(text('m1', 'Hi'))), { onFinish: () => heard.push(name()) }))
    createRoot((dispose) => {
      createEffect(() => (made++, void chat.chat.sendMessage('Hello')))
      queueMicrotask(() => setName('second'))
      setTimeout(dispose)
    })
    await later()
    expect(heard).toEqual(['second'])
    expect(made).toBe(1)
  })

  test('whose commands were taken out once act on the chat that is shown now', async () => {
    const [one, two] = [manualConnection(), manualConnection()]
    const page = show(owned(one, { threadId: 'one' }))
    const { sendMessage, stop } = page.chat
    page.update(owned(two, { threadId: 'two' }))
    void sendMessage('Hello')
    await settled()
    expect([one.runs.length, two.runs.length]).toEqual([0, 1])
    stop()
    expect(page.status).toBe('stopped')
    expect(two.run.signal.aborted).toBe(true)
  })
})

describe('a given chat', () => {
  const given = (id: string) => createChat({ connection: manualConnection(), scheduler: syncScheduler, initialMessages: [user(id, id)] })

  test('that is another one now shows the other one, and the first is not listened to any more', async () => {
    const [one, two] = [given('one'), given('two')]
    let open = 0
    const { subscribe } = one.snapshot
    one.snapshot.subscribe = (onChange) => {
      open++
      const end = subscribe(onChange)
      return () => {
        open--
        end()
      }
    }
    const page = show({ chat: one })
    expect(open).toBe(1)
    page.update({ chat: two })
    expect(page.lines).toEqual(['user: two'])
    expect(open).toBe(0)
    one.clear()
    expect(page.lines).toEqual(['user: two'])
    two.clear()
    expect(page.lines).toEqual([])
  })

  test('gives way to one of the component’s own when options come instead, and takes its place again', async () => {
    const connection = manualConnection()
    const chat = given('given')
    const page = show({ chat })
    page.update(owned(connection, { initialMessages: [user('u2', 'own')] }))
    expect(page.lines).toEqual(['user: own'])
    void page.chat.sendMessage('Hello')
    await settled()
    page.update({ chat })
    expect(page.lines).toEqual(['user: given'])
    await later()
    expect(connection.run.signal.aborted).toBe(true)
    // @ts-expect-error one or the other
    page.update({ chat, connection })
    expect(page.lines).toEqual(['user: given'])
  })

  test('is followed by useReadable, useMessage and useChatSelector, and so is a signal in the selector', () => {
    const chats = [given('one'), given('two')] as const
    const [at, setAt] = createSignal<0 | 1>(0)
    const [suffix, setSuffix] = createSignal('!')
    const chat = () => chats[at()]
    const { container } = render(() => {
      const text = useChatSelector(chat, ({ messages }) => messages.map(textOf).join() + suffix())
      const message = useMessage(chat, () => (at() === 0 ? 'one' : 'two'))
      const messages = useReadable(() => chat().messages)
      return <p>{`${text()} ${message()?.id} ${messages().length}`}</p>
    })
    expect(container.textContent).toBe('one! one 1')
    setAt(1)
    expect(container.textContent).toBe('two! two 1')
    setSuffix('?')
    expect(container.textContent).toBe('two? two 1')
    chats[0].setMessages([])
    chats[1].setMessages((messages) => [...messages, assistant('a1', 'more')])
    expect(container.textContent).toBe('two,more? two 2')
  })

  test('keeps an equal selection', () => {
    const chat = given('one')
    const seen: unknown[] = []
    createRoot((dispose) => {
      const roles = useChatSelector(
        chat,
        ({ messages }) => [...new Set(messages.map(({ role }) => role))],
        (a, b) => a.join() === b.join(),
      )
      createEffect(() => seen.push(roles()))
      queueMicrotask(dispose)
    })
    chat.setMessages((messages) => [...messages, user('u2', 'two')])
    chat.setMessages((messages) => [...messages, assistant('a1', 'three')])
    expect(seen).toEqual([['user'], ['user', 'assistant']])
  })
})

describe('a provider', () => {
  test('gives its chat to everything below, and another one when it has another one', async () => {
    const connection = manualConnection()
    const [threadId, setThreadId] = createSignal('a')
    const Status = () => {
      const chat = useChat()
      return <output>{`${chat.threadId} ${chat.status}`}</output>
    }
    const Id = () => {
      const chat = useChatContext()
      return <i>{chat().threadId}</i>
    }
    let page!: Chat
    const { container } = render(() => {
      const chat = useChat(() => owned(connection, { threadId: threadId() }))
      page = chat.chat
      return (
        <ChatProvider chat={chat.chat}>
          <Status />
          <Id />
        </ChatProvider>
      )
    })
    void page.sendMessage('Hello')
    await settled()
    expect(container.textContent).toBe('a streaminga')
    setThreadId('b')
    expect(container.textContent).toBe('b idleb')
  })

  test('is named when it is missing', () => {
    const Nobody = () => <>{useChat().status}</>
    const Lost = () => <>{useChatContext()().threadId}</>
    expect(() => render(() => <Nobody />)).toThrow(/give it a connection or a chat, or put a <ChatProvider/)
    expect(() => render(() => <Lost />)).toThrow(/no <ChatProvider chat=\{chat\}> above/)
    let caught: unknown
    render(() => <ErrorBoundary fallback={(error) => String((caught = error))}>{<Nobody />}</ErrorBoundary>)
    expect(caught).toBeInstanceOf(ChatError)
    expect(caught).toMatchObject({ code: 'misuse' })
  })

  test('keeps the chat of the page running while a part of the page goes and comes back', async () => {
    const connection = manualConnection()
    const [isOpen, setOpen] = createSignal(true)
    const Part = () => {
      const chat = useChat()
      return <p>{chat.messages.map(textOf).join(', ')}</p>
    }
    let page!: Chat
    const { container, unmount } = render(() => {
      const chat = useChat(owned(connection))
      page = chat.chat
      return (
        <ChatProvider chat={chat.chat}>
          <Show when={isOpen()}>
            <Part />
          </Show>
        </ChatProvider>
      )
    })
    void page.sendMessage('Hello')
    await settled()
    setOpen(false)
    await later()
    await connection.run.push(...run(text('m1', 'Hi')).slice(0, 3))
    expect(container.textContent).toBe('')
    setOpen(true)
    expect(container.textContent).toBe('Hello, Hi')
    expect(connection.run.signal.aborted).toBe(false)
    unmount()
    await later()
    expect(connection.run.signal.aborted).toBe(true)
  })
})
