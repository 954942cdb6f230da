import {
  type Chat,
  type ChatOptions,
  createChat,
  injectChat,
  provideChat,
  syncScheduler,
  type UIMessage,
  useChat,
  useChatSelector,
  useMessage,
  useReadable,
} from '@statechat/vue'
import { manualConnection, run, scriptedConnection, settled, text } from '@statechat/core/testing'
import { render } from '@testing-library/vue'
import { computed, defineComponent, effectScope, h, isProxy, isReadonly, isRef, nextTick, reactive, ref, shallowRef, watch, watchEffect } from 'vue'
import { describe, expect, onTestFinished, test } from 'vitest'
import { assistant, later, owned, show, textOf, user } from './support.ts'

/** Runs a composable outside any component. */
function inScope<T>(run: () => T): T & { end(): void } {
  const scope = effectScope(true)
  onTestFinished(() => scope.stop())
  return Object.assign(scope.run(run)!, { end: () => scope.stop() })
}

const delta = (content: string) => ({ type: 'TEXT_MESSAGE_CONTENT', messageId: 'm1', delta: content }) as const
const [STARTED, OPENED] = run(text('m1'))

describe('messages', () => {
  test('are plain objects: they can be cloned and posted, and keep their identity', () => {
    const stored = [user('u1', 'One'), assistant('a1', 'Two')]
    const shared = createChat({ connection: manualConnection(), initialMessages: stored })
    const { messages, chat } = inScope(() => useChat({ chat: shared }))
    expect(structuredClone(messages.value[0])).toMatchObject(stored[0]!)
    expect(structuredClone(messages.value)).toEqual(messages.value)
    expect(messages.value).toBe(shared.messages.get())
    expect(messages.value.some((message) => isProxy(message) || isProxy(message.parts))).toBe(false)
    expect(chat.value).toBe(shared)
  })

  test('and the chat are no proxies either when the options are deeply reactive', async () => {
    const connection = scriptedConnection(run(text('m1', 'Hi')))
    const options = ref<ChatOptions>({ connection, scheduler: syncScheduler, initialMessages: [user('u1', 'One')], body: { model: 'a' } })
    const { messages, sendMessage } = inScope(() => useChat(options))
    await sendMessage('Two')
    expect(structuredClone(messages.value).map(textOf)).toEqual(['One', 'Two', 'Hi'])

    const shared = createChat({ connection })
    const { chat } = inScope(() => useChat(reactive({ chat: shared })))
    expect(chat.value).toBe(shared)
  })

  test('and all else can be had of a chat in deeply reactive state, where it is a proxy', async () => {
    const state = reactive({ chat: createChat({ connection: scriptedConnection(run(text('m1', 'Hi'))) }) })
    expect(isProxy(state.chat)).toBe(true)
    await state.chat.sendMessage('Hello')
    expect(state.chat.messages.get().map(textOf)).toEqual(['Hello', 'Hi'])
    expect([state.chat.status.get(), state.chat.error.get()]).toEqual(['idle', null])
    expect(state.chat.actor.getSnapshot().status).toBe('active')
  })
})

describe('what useChat returns', () => {
  test('is a readonly ref for each field of the snapshot, and can be destructured', async () => {
    const result = inScope(() => useChat(owned(scriptedConnection(run(text('m1', 'Hi'))), { threadId: 't' })))
    const names = Object.keys(result.chat.value.getSnapshot())
    expect(names).toContain('canRetry')
    for (const name of [...names, 'chat']) {
      const field = result[name as keyof typeof result] as unknown
      expect([name, isRef(field), isReadonly(field)]).toEqual([name, true, true])
    }
    const { messages, sendMessage, threadId, canReload } = result
    expect([threadId.value, canReload.value]).toEqual(['t', false])
    await sendMessage('Hello')
    expect([messages.value.map(textOf), canReload.value]).toEqual([['Hello', 'Hi'], true])
  })

  test('has commands that stay the same and act on the chat of the moment', async () => {
    const threadId = ref('one')
    const connection = scriptedConnection(run(text('m1', 'Hi')))
    const { sendMessage, clear, messages, branches } = inScope(() => useChat({ ...owned(connection), threadId }))
    await sendMessage('Hello')
    expect(messages.value.map(textOf)).toEqual(['Hello', 'Hi'])
    expect(branches('m1')).toHaveLength(1)
    threadId.value = 'two'
    expect(branches('m1')).toEqual([])
    await sendMessage('Again')
    threadId.value = 'three'
    clear()
    expect(messages.value).toEqual([])
  })

  test('agrees with itself, also for a watcher that runs at once', async () => {
    const { status, messages, isLoading, sendMessage } = inScope(() => useChat(owned(scriptedConnection(run(text('m1', 'Hi'))))))
    const seen: string[] = []
    const end = watch(status, (now) => seen.push(`${now} ${isLoading.value} ${messages.value.map(textOf)}`), { flush: 'sync' })
    await sendMessage('Hello')
    end()
    expect(seen).toEqual(['streaming true Hello', 'idle false Hello,Hi'])
  })

  test('makes branches() in a template follow the messages', async () => {
    const { branches, edit, sendMessage } = inScope(() => useChat(owned(scriptedConnection(run(text('m1', 'Hi'))))))
    const count = computed(() => branches('u2').length)
    expect(count.value).toBe(0)
    await sendMessage({ content: 'One', id: 'u1' })
    await edit('u1', { content: 'Two', id: 'u2' })
    expect(count.value).toBe(2)
  })
})

describe('options', () => {
  test('may be a getter: what it reads counts from the next request on, and the transcript stays', async () => {
    const connection = manualConnection()
    const model = ref('a')
    const { sendMessage, chat, messages } = inScope(() => useChat(() => owned(connection, { body: { model: model.value } })))
    const before = chat.value
    void sendMessage('One')
    await settled()
    model.value = 'b'
    await connection.run.push(...run(text('m1', 'Hi')))
    await connection.run.close()
    void sendMessage('Two')
    await settled()
    expect(connection.runs.map(({ context }) => context.body)).toEqual([{ model: 'a' }, { model: 'b' }])
    expect(chat.value).toBe(before)
    expect(messages.value.map(textOf)).toEqual(['One', 'Hi', 'Two'])
  })

  test('may hold refs, and be reactive', async () => {
    const connection = manualConnection()
    const threadId = ref('one')
    const held = inScope(() => useChat({ ...owned(connection), threadId, whileBusy: computed(() => 'drop' as const) }))
    expect(held.threadId.value).toBe('one')
    threadId.value = 'two'
    expect(held.threadId.value).toBe('two')
    void held.sendMessage('One')
    expect(await held.sendMessage('Two')).toEqual({ outcome: 'dropped' })

    const options = reactive({ ...owned(connection), threadId: 'three' })
    const kept = inScope(() => useChat(options))
    options.threadId = 'four'
    expect(kept.threadId.value).toBe('four')
  })

  test('that ask for another thread end the old one at once, before anything is rendered', async () => {
    const connection = manualConnection({ ignoresAbort: true })
    const heard: string[] = []
    const threadId = ref('old')
    const { sendMessage, messages, status } = inScope(() =>
      useChat(() => owned(connection, { threadId: threadId.value, onChunk: () => heard.push(threadId.value) })),
    )
    void sendMessage('Hello')
    await settled()
    await connection.run.push(STARTED!, OPENED!, delta('Hi'))
    heard.length = 0
    const seen: string[] = []
    const end = watchEffect(() => seen.push(`${status.value}: ${messages.value.map(textOf)}`), { flush: 'sync' })
    threadId.value = 'new'
    expect(status.value).toBe('idle')
    await connection.run.push(delta(' there'))
    await later()
    end()
    expect(connection.run.signal.aborted).toBe(true)
    expect(heard).toEqual([])
    expect(seen.at(-1)).toBe('idle: ')
    expect(seen.slice(1).join()).not.toContain('Hi')
  })

  test('that change together, as props do, make one chat of all of them', async () => {
    const chats = new Set<Chat>()
    const Thread = defineComponent({
      props: { threadId: { type: String, required: true }, stored: { type: Array as () => UIMessage[], required: true } },
      setup(props) {
        const { chat, messages } = useChat(() => owned(manualConnection(), { threadId: props.threadId, initialMessages: props.stored }))
        return () => {
          chats.add(chat.value)
          return h('p', `${chat.value.threadId}: ${messages.value.map(textOf)}`)
        }
      },
    })
    const page = shallowRef({ threadId: 'one', stored: [user('u1', 'First')] })
    const { container } = render(() => h(Thread, page.value))
    page.value = { threadId: 'two', stored: [user('u2', 'Second')] }
    await nextTick()
    expect(container.textContent).toBe('two: Second')
    expect(chats.size).toBe(2)
  })

  test('that change right before a send count for it', async () => {
    const connection = manualConnection()
    const model = ref('a')
    const { sendMessage } = inScope(() => useChat(() => owned(connection, { body: { model: model.value } })))
    model.value = 'b'
    void sendMessage('Hello')
    await settled()
    expect(connection.run.context.body).toEqual({ model: 'b' })
  })

  test('with another chat leave the first one alone: nobody listens to it, also where nothing was read again', async () => {
    const [one, two] = ['one', 'two'].map((id) => createChat({ connection: manualConnection(), initialMessages: [user(id, id)] })) as [Chat, Chat]
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
    const chat = shallowRef(one)
    const { messages, end } = inScope(() => useChat({ chat }))
    expect([messages.value.map(textOf), open]).toEqual([['one'], 1])
    chat.value = two
    await nextTick()
    expect(open).toBe(0)
    expect(messages.value.map(textOf)).toEqual(['two'])
    chat.value = one
    expect([messages.value.map(textOf), open]).toEqual([['one'], 1])
    end()
    expect(open).toBe(0)
    expect(messages.value.map(textOf)).toEqual(['one'])
    expect(open).toBe(0)
  })
})

describe('an effectScope outside any component', () => {
  test('owns its chat: the end of the scope ends the run', async () => {
    const connection = manualConnection()
    const { sendMessage, status, end } = inScope(() => useChat(owned(connection)))
    const turn = sendMessage('Hello')
    await settled()
    expect(status.value).toBe('streaming')
    end()
    await later()
    expect(connection.run.signal.aborted).toBe(true)
    expect(await turn).toMatchObject({ outcome: 'stopped' })
  })

  test('reads stored messages as soon as it is there', async () => {
    const { messages, phase } = inScope(() => useChat(owned(manualConnection(), { initialMessages: async () => [user('u1', 'Stored')] })))
    expect(phase.value).toBe('restoring')
    await settled()
    expect(messages.value.map(textOf)).toEqual(['Stored'])
  })

  test('is needed: without a scope there is an error that says so, and nothing is left behind', () => {
    const shared = createChat({ connection: manualConnection() })
    for (const use of [() => useChat({ chat: shared }), () => useReadable(shared.status), () => useMessage(shared, 'u1')]) {
      expect(use).toThrow(/no scope that a chat could live in: call this in setup\(\), or in effectScope/)
    }
    expect(shared.getSnapshot().phase).toBe('ready')
  })
})

describe('a component', () => {
  test('that reads only isLoading renders a handful of times while 1,000 deltas arrive', async () => {
    const connection = manualConnection()
    const shared = createChat({ connection, scheduler: syncScheduler })
    let renders = 0
    const Busy = defineComponent(() => {
      const { isLoading } = useChat({ chat: shared })
      return () => {
        renders++
        return h('b', String(isLoading.value))
      }
    })
    const { container } = render(Busy)
    void shared.sendMessage('Hello')
    await settled()
    expect(container.textContent).toBe('true')
    await connection.run.push(STARTED!, OPENED!)
    for (let i = 0; i < 1000; i++) {
      await connection.run.push(delta('x'))
      await nextTick()
    }
    await connection.run.push(...run(text('m1')).slice(2))
    await connection.run.close()
    await nextTick()
    expect(container.textContent).toBe('false')
    expect(renders).toBe(3)
  })

  test('that only sends does not subscribe', async () => {
    const shared = createChat({ connection: manualConnection() })
    let subscribed = 0
    const { subscribe } = shared.snapshot
    shared.snapshot.subscribe = (onChange) => {
      subscribed++
      return subscribe(onChange)
    }
    const Send = defineComponent(() => {
      const { sendMessage } = useChat({ chat: shared })
      return () => h('button', { onClick: () => sendMessage('Hello') }, 'Send')
    })
    render(Send).getByText('Send').click()
    await settled()
    expect(shared.getSnapshot().status).toBe('streaming')
    expect(subscribed).toBe(0)
  })

  test('with a list of ids and useMessage in its rows renders one row per token, and the list not at all', async () => {
    const connection = manualConnection()
    const shared = createChat({ connection, scheduler: syncScheduler, initialMessages: [user('u1', 'One')] })
    const rendered: string[] = []
    const Row = defineComponent({
      props: { id: { type: String, required: true } },
      setup(props) {
        const message = useMessage(shared, () => props.id)
        return () => {
          rendered.push(props.id)
          return h('li', message.value && textOf(message.value))
        }
      },
    })
    const List = defineComponent(() => {
      const ids = useChatSelector(
        shared,
        ({ messages }) => messages.map(({ id }) => id),
        (a, b) => a.join() === b.join(),
      )
      return () => {
        rendered.push('list')
        return h(
          'ol',
          ids.value.map((id) => h(Row, { key: id, id })),
        )
      }
    })
    const { container } = render(List)
    void shared.sendMessage({ content: 'Two', id: 'u2' })
    await settled()
    await connection.run.push(STARTED!, OPENED!, delta('x'))
    await nextTick()
    rendered.length = 0
    for (let i = 0; i < 100; i++) {
      await connection.run.push(delta('x'))
      await nextTick()
    }
    expect(rendered).toEqual(Array.from({ length: 100 }, () => 'm1'))
    expect([...container.querySelectorAll('li')].map((row) => row.textContent)).toEqual(['One', 'Two', 'x'.repeat(101)])
  })

  test('that gets options after a given chat shows its own, and goes back', async () => {
    const connection = manualConnection()
    const given = createChat({ connection: manualConnection(), initialMessages: [user('u1', 'given')] })
    const chat = show({ chat: given })
    await chat.update(owned(connection, { initialMessages: [user('u2', 'own')] }))
    expect(chat.lines).toEqual(['user: own'])
    void chat.result.sendMessage('Hello')
    await settled()
    await chat.update({ chat: given })
    expect(chat.lines).toEqual(['user: given'])
    await later()
    expect(connection.run.signal.aborted).toBe(true)
    // @ts-expect-error one or the other
    await chat.update({ chat: given, connection })
    expect(chat.lines).toEqual(['user: given'])
  })
})

describe('useChatSelector', () => {
  test('keeps an equal selection, and follows refs that the selector reads', async () => {
    const shared = createChat({ connection: scriptedConnection(run(text('m1', 'Hi', ' there'))), scheduler: syncScheduler })
    const suffix = ref('!')
    const { roles, last } = inScope(() => ({
      roles: useChatSelector(
        shared,
        ({ messages }) => [...new Set(messages.map(({ role }) => role))],
        (a, b) => a.join() === b.join(),
      ),
      last: useChatSelector(shared, ({ messages }) => messages.map(textOf).at(-1) + suffix.value),
    }))
    const seen: unknown[] = []
    const end = watchEffect(() => seen.push(roles.value), { flush: 'sync' })
    await shared.sendMessage('Hello')
    end()
    expect(seen).toEqual([[], ['user'], ['user', 'assistant']])
    expect(last.value).toBe('Hi there!')
    suffix.value = '?'
    expect(last.value).toBe('Hi there?')
  })
})

describe('provideChat', () => {
  test('gives its chat to useChat() and injectChat() below, and another one when there is another', async () => {
    const threadId = ref('one')
    const Below = defineComponent(() => {
      const { status } = useChat()
      const chat = injectChat()
      return () => h('p', `${status.value} ${chat.value.threadId}`)
    })
    let renders = 0
    let page!: Chat
    const Page = defineComponent(() => {
      const { chat } = useChat(() => owned(manualConnection(), { threadId: threadId.value }))
      provideChat(chat)
      page = chat.value
      return () => {
        renders++
        return h(Below)
      }
    })
    const { container } = render(Page)
    expect(container.textContent).toBe('idle one')
    void page.sendMessage('Hello')
    await later()
    expect(container.textContent).toBe('streaming one')
    threadId.value = 'two'
    await nextTick()
    expect(container.textContent).toBe('idle two')
    expect(renders).toBe(1)
  })

  test('is named when it is missing', () => {
    const quiet = { global: { config: { warnHandler: () => {} } } }
    expect(() => render({ setup: () => (useChat(), () => null) }, quiet)).toThrow(/give it a connection or a chat, or call provideChat\(chat\)/)
    expect(() => render({ setup: () => (injectChat(), () => null) }, quiet)).toThrow(/no component above this one has called provideChat\(chat\)/)
    expect(() => inScope(injectChat)).toThrow(expect.objectContaining({ code: 'misuse' }))
  })
})
