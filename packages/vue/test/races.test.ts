import { type Chat, type Chunk, createChat, type FinishInfo, provideChat, syncScheduler, type UIMessage, useChat } from '@statechat/vue'
import { manualConnection, run, scriptedConnection, settled, text } from '@statechat/core/testing'
import { render } from '@testing-library/vue'
import { defineComponent, h, nextTick, onMounted, ref } from 'vue'
import { describe, expect, test } from 'vitest'
import { assistant, later, owned, show, textOf, uncaught, user } from './support.ts'

describe('race 4: two sends in one tick', () => {
  test('make one request; the second waits, and is answered after the first', async () => {
    const connection = manualConnection()
    const chat = show(owned(connection))
    const first = chat.result.sendMessage('One')
    const second = chat.result.sendMessage('Two')
    await settled()
    expect(connection.runs).toHaveLength(1)
    expect(chat.lines).toEqual(['user: One'])
    expect(chat.queue).toEqual(['Two'])
    await connection.run.push(...run(text('m1', 'Uno')))
    await connection.run.close()
    expect(await first).toMatchObject({ outcome: 'finished' })
    expect(connection.runs).toHaveLength(2)
    expect(connection.open).toBe(1)
    expect(chat.queue).toEqual([])
    await connection.run.push(...run(text('m2', 'Dos')))
    await connection.run.close()
    expect(await second).toMatchObject({ outcome: 'finished' })
    expect(chat.lines).toEqual(['user: One', 'assistant: Uno', 'user: Two', 'assistant: Dos'])
  })
})

describe('race 14: an error before any content', () => {
  test('leaves no empty message', async () => {
    const connection = manualConnection()
    const chat = show(owned(connection))
    void chat.result.sendMessage('Hello')
    await settled()
    await connection.run.push({ type: 'RUN_STARTED', threadId: 't', runId: 'r' }, { type: 'TEXT_MESSAGE_START', messageId: 'm1' })
    await connection.run.push({ type: 'RUN_ERROR', message: 'No' })
    expect([chat.status, chat.error]).toEqual(['error', 'server'])
    expect(chat.lines).toEqual(['user: Hello'])
  })
})

describe('race 16: a reload that fails', () => {
  test('brings the old answer back', async () => {
    const connection = manualConnection()
    const chat = show(owned(connection, { initialMessages: [user('u1', 'Hello'), assistant('a1', 'Hi')] }))
    void chat.result.reload()
    await settled()
    expect(chat.lines).toEqual(['user: Hello'])
    await connection.run.fail(new Error('down'))
    expect(chat.status).toBe('error')
    expect(chat.lines).toEqual(['user: Hello', 'assistant: Hi'])
  })
})

describe('race 17: chunks that nobody expects', () => {
  test('an unknown type and a delta for an id that was never opened are reported, and the turn goes on', async () => {
    const warnings: string[] = []
    const connection = manualConnection()
    const chat = show(owned(connection, { onWarning: ({ code }) => warnings.push(code) }))
    void chat.result.sendMessage('Hello')
    await settled()
    const [started, ...rest] = run([
      { type: 'NOBODY_KNOWS_THIS' } as unknown as Chunk,
      { type: 'TEXT_MESSAGE_CONTENT', messageId: 'never-opened', delta: 'Hi' },
    ])
    await connection.run.push(started!, ...rest)
    await connection.run.close()
    expect(chat.status).toBe('idle')
    expect(chat.lines).toEqual(['user: Hello', 'assistant: Hi'])
    expect(warnings).toEqual(expect.arrayContaining(['unknown_chunk', 'orphan']))
  })
})

describe('race 18: a callback that throws', () => {
  test('is reported as an uncaught error each time, and the chat goes on', async () => {
    const finished: (string | undefined)[] = []
    const boom = (name: string) => () => {
      throw new Error(name)
    }
    const answers = scriptedConnection(run(text('m1', 'Hi')), [new Error('down')], run(text('m2', 'Ho')))
    const chat = show(owned(answers, { onChunk: boom('onChunk'), onFinish: boom('onFinish'), onError: boom('onError') }))
    const errors = await uncaught(async () => {
      await chat.result.sendMessage('One')
      await chat.result.sendMessage('Two')
      await settled()
      expect(chat.status).toBe('error')
      await chat.update(owned(answers, { onFinish: (message) => finished.push(message?.id) }))
      await chat.result.retry()
    })
    const messages = errors.map((error) => (error as Error).message)
    expect(new Set(messages)).toEqual(new Set(['onChunk', 'onFinish', 'onError']))
    expect(messages.filter((message) => message === 'onFinish')).toHaveLength(1)
    expect(finished).toEqual(['m2'])
    expect(chat.lines).toEqual(['user: One', 'assistant: Hi', 'user: Two', 'assistant: Ho'])
  })

  test('keeps no other component of the same chat from hearing', async () => {
    const shared = createChat({ connection: scriptedConnection(run(text('m1', 'Hi'))), scheduler: syncScheduler })
    const heard: string[] = []
    show({
      chat: shared,
      onFinish() {
        throw new Error('first')
      },
    })
    show({ chat: shared, onFinish: () => heard.push('second') })
    const errors = await uncaught(async () => void (await shared.sendMessage('Hello')))
    expect(errors).toMatchObject([{ message: 'first' }])
    expect(heard).toEqual(['second'])
  })
})

describe('race 19: switching threads in the middle of an answer', () => {
  test('shows nothing of the old one, ends it, and each thread hears its own callbacks only', async () => {
    const heard: string[] = []
    const rude = manualConnection({ ignoresAbort: true })
    const next = manualConnection()
    const callbacks = (name: string) => ({
      onChunk: () => heard.push(`${name} chunk`),
      onFinish: (_message: UIMessage | undefined, { threadId }: FinishInfo) => heard.push(`${name} finished ${threadId}`),
      onError: () => heard.push(`${name} failed`),
    })
    const chat = show(owned(rude, { threadId: 'old', ...callbacks('old') }))
    void chat.result.sendMessage('Hello')
    await settled()
    await rude.run.push(...run(text('m1', 'Hi')).slice(0, 3))
    expect(chat.lines).toEqual(['user: Hello', 'assistant: Hi'])
    heard.length = 0

    await chat.update(owned(next, { threadId: 'new', initialMessages: [user('u9', 'Before')], ...callbacks('new') }))
    expect(chat.chat.threadId).toBe('new')
    expect(chat.lines).toEqual(['user: Before'])
    expect(chat.status).toBe('idle')

    // Before the old one is disposed of, and after.
    await rude.run.push(...run(text('m1', 'late')))
    await later()
    expect(rude.run.signal.aborted).toBe(true)
    await rude.run.push(...run(text('m1', 'later still')))
    await rude.run.close()
    expect(heard).toEqual([])
    expect(chat.lines).toEqual(['user: Before'])

    void chat.result.sendMessage('Again')
    await settled()
    await next.run.push(...run(text('m2', 'Yes')))
    await next.run.close()
    expect(new Set(heard)).toEqual(new Set(['new chunk', 'new finished new']))
    expect(rude.runs).toHaveLength(1)
  })

  test('a chat keeps its messages when it is asked for by the id it made itself', async () => {
    const connection = scriptedConnection(run(text('m1', 'Hi')))
    const chat = show(owned(connection))
    await chat.result.sendMessage('Hello')
    const before = chat.chat
    const { threadId } = before
    await chat.update(owned(connection, { threadId }))
    expect(chat.chat).toBe(before)
    expect(chat.lines).toEqual(['user: Hello', 'assistant: Hi'])
    await chat.update(owned(connection))
    expect(chat.chat.threadId).not.toBe(threadId)
    expect(chat.lines).toEqual([])
  })
})

describe('race 20: options and callbacks that change between renders', () => {
  test('the latest count from the next request on, and the transcript stays', async () => {
    const one = manualConnection()
    const two = manualConnection()
    const chat = show(owned(one, { body: { model: 'a' }, data: { page: 1 }, tools: [{ name: 'old' }] }))
    const before = chat.chat
    void chat.result.sendMessage('Hello')
    await settled()
    expect(one.run.context.body).toEqual({ model: 'a' })

    await chat.update(owned(two, { body: () => ({ model: 'b' }), data: { page: 2 }, tools: [{ name: 'new' }], whileBusy: 'drop' }))
    expect(await chat.result.sendMessage('Dropped')).toMatchObject({ outcome: 'dropped' })
    await one.run.push(...run(text('m1', 'Hi')))
    await one.run.close()
    expect(chat.lines).toEqual(['user: Hello', 'assistant: Hi'])

    void chat.result.sendMessage('Again')
    await settled()
    expect(chat.chat).toBe(before)
    expect(one.runs).toHaveLength(1)
    expect(two.run.context.body).toEqual({ model: 'b' })
    expect(two.run.data).toEqual({ page: 2 })
    expect(two.run.context.clientTools.map(({ name }) => name)).toEqual(['new'])
    expect(two.run.messages.map(textOf)).toEqual(['Hello', 'Hi', 'Again'])
  })

  test('an option that is no longer given has its default again', async () => {
    const connection = manualConnection()
    const chat = show(owned(connection, { body: { model: 'a' }, whileBusy: 'drop' }))
    await chat.update(owned(connection))
    void chat.result.sendMessage('One')
    void chat.result.sendMessage('Two')
    await settled()
    expect(connection.run.context.body).toBeUndefined()
    expect(chat.queue).toEqual(['Two'])
  })

  test('the callback of the last render is called, once', async () => {
    const heard: string[] = []
    const connection = manualConnection()
    const chat = show(owned(connection, { onFinish: () => heard.push('first') }))
    void chat.result.sendMessage('Hello')
    await settled()
    await chat.update(owned(connection, { onFinish: () => heard.push('second') }))
    await connection.run.push(...run(text('m1', 'Hi')))
    await chat.update(owned(connection, { onFinish: () => heard.push('third') }))
    await connection.run.close()
    expect(heard).toEqual(['third'])
  })
})

describe('race 21: a chat that is shown twice', () => {
  test('a component that is taken away and put back at once keeps a shared chat as it is, and restores it once', async () => {
    const connection = manualConnection()
    let restored = 0
    const shared = createChat({
      connection,
      scheduler: syncScheduler,
      async initialMessages() {
        restored++
        return [user('u0', 'Earlier')]
      },
    })
    const first = show({ chat: shared })
    first.unmount()
    const chat = show({ chat: shared })
    await later()
    void chat.result.sendMessage('Hello')
    await later()
    expect(restored).toBe(1)
    expect(connection.runs).toHaveLength(1)
    expect(connection.run.signal.aborted).toBe(false)
    await connection.run.push(...run(text('m1', 'Hi')))
    await connection.run.close()
    expect(chat.lines).toEqual(['user: Earlier', 'user: Hello', 'assistant: Hi'])
  })

  test('sends from the mounted hooks of two components are one request at a time, and none is lost', async () => {
    const connection = manualConnection()
    const shared = createChat({ connection, scheduler: syncScheduler })
    const Eager = defineComponent(() => {
      const { sendMessage, queue } = useChat({ chat: shared })
      onMounted(() => void sendMessage('Hello'))
      return () => h('p', queue.value.length)
    })
    const { container } = render(() => [h(Eager), h(Eager)])
    await later()
    expect(connection.runs).toHaveLength(1)
    expect(connection.open).toBe(1)
    expect(container.textContent).toBe('11')
  })

  test('two components with one chat show the same, and a send makes one request', async () => {
    const connection = manualConnection()
    const shared = createChat({ connection, scheduler: syncScheduler })
    const heard: string[] = []
    const left = show({ chat: shared, onFinish: () => heard.push('left') })
    const right = show({ chat: shared, onFinish: () => heard.push('right') })
    void left.result.sendMessage('Hello')
    await settled()
    expect(connection.runs).toHaveLength(1)
    await connection.run.push(...run(text('m1', 'Hi')))
    expect(right.lines).toEqual(['user: Hello', 'assistant: Hi'])
    expect(left.html).toBe(right.html)
    await connection.run.close()
    expect(heard.sort()).toEqual(['left', 'right'])
  })
})

describe('race 22: unmounting in the middle of an answer', () => {
  test('ends a chat that the component owns: the signal is aborted and no callback comes any more', async () => {
    const heard: string[] = []
    const connection = manualConnection({ ignoresAbort: true })
    const note = (name: string) => () => heard.push(name)
    const chat = show(owned(connection, { onChunk: note('chunk'), onFinish: note('finish'), onError: note('error'), onWarning: note('warning') }))
    const turn = chat.result.sendMessage('Hello')
    await settled()
    await connection.run.push(...run(text('m1', 'Hi')).slice(0, 3))
    heard.length = 0
    chat.unmount()
    await connection.run.push(...run(text('m1', 'late')))
    await later()
    expect(connection.run.signal.aborted).toBe(true)
    expect(await turn).toMatchObject({ outcome: 'stopped' })
    await connection.run.push(...run(text('m1', 'later still')))
    await connection.run.close()
    await later()
    expect(heard).toEqual([])
  })

  test('leaves a chat that it was given running, and takes its callbacks along', async () => {
    const heard: string[] = []
    const connection = manualConnection()
    const shared = createChat({ connection, scheduler: syncScheduler, onFinish: () => heard.push('own') })
    const first = show({ chat: shared, onFinish: () => heard.push('component') })
    void first.result.sendMessage('Hello')
    await settled()
    first.unmount()
    await later()
    expect(connection.run.signal.aborted).toBe(false)
    await connection.run.push(...run(text('m1', 'Hi')))
    await connection.run.close()
    expect(heard).toEqual(['own'])
    expect(show({ chat: shared }).lines).toEqual(['user: Hello', 'assistant: Hi'])
    shared.dispose()
  })

  test('a part of the page that goes and comes back leaves the chat of the page running', async () => {
    const connection = manualConnection()
    const isOpen = ref(true)
    let page!: Chat
    const Part = defineComponent(() => {
      const { messages } = useChat()
      return () => h('p', messages.value.map(textOf).join(', '))
    })
    const Page = defineComponent(() => {
      const { chat } = useChat(owned(connection))
      provideChat(chat)
      page = chat.value
      return () => (isOpen.value ? h(Part) : null)
    })
    const { container, unmount } = render(Page)
    void page.sendMessage('Hello')
    await settled()
    isOpen.value = false
    await later()
    await connection.run.push(...run(text('m1', 'Hi')).slice(0, 3))
    expect(container.textContent).toBe('')
    isOpen.value = true
    await nextTick()
    expect(container.textContent).toBe('Hello, Hi')
    expect(connection.run.signal.aborted).toBe(false)
    unmount()
    await later()
    expect(connection.run.signal.aborted).toBe(true)
  })
})

describe('race 28: setMessages while an answer streams', () => {
  test('stops the run and shows the new messages', async () => {
    const connection = manualConnection()
    const chat = show(owned(connection))
    const turn = chat.result.sendMessage('Hello')
    await settled()
    await connection.run.push(...run(text('m1', 'Hi')).slice(0, 3))
    chat.result.setMessages((messages) => [...messages.slice(0, 1), assistant('a9', 'Edited')])
    await settled()
    expect(chat.status).toBe('idle')
    expect(connection.run.signal.aborted).toBe(true)
    expect(await turn).toMatchObject({ outcome: 'stopped' })
    await connection.run.push(...run(text('m1', 'late')))
    expect(chat.lines).toEqual(['user: Hello', 'assistant: Edited'])
  })
})
