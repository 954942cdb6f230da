import { fireEvent, render, screen } from '@testing-library/vue'
import { ChatError, createChat, syncScheduler, useChat, useMessage } from '@statechat/vue'
import { manualConnection, manualScheduler, run, scriptedConnection, settled, text, toolCall } from '@statechat/core/testing'
import { defineComponent, h, KeepAlive, onBeforeMount, onMounted, ref, Suspense, watch } from 'vue'
import { expect, test } from 'vitest'
import Composer from './composer.vue'
import { assistant, later, owned, show, textOf, user } from './support.ts'

test('a chat begins idle and empty, and asks for nothing', async () => {
  const connection = manualConnection()
  const chat = show(owned(connection))
  await settled()
  expect(chat.status).toBe('idle')
  expect(chat.lines).toEqual([])
  expect(connection.runs).toHaveLength(0)
})

test('a question from a form is shown at once, and its answer grows as it arrives', async () => {
  const connection = manualConnection()
  const chat = show(owned(connection))
  void chat.result.sendMessage('Hello')
  await settled()
  expect(chat.lines).toEqual(['user: Hello'])
  expect(chat.status).toBe('streaming')

  const [started, opened, hi, there, ...end] = run(text('m1', 'Hi', ' there'))
  await connection.run.push(started!, opened!, hi!)
  expect(chat.lines).toEqual(['user: Hello', 'assistant: Hi'])
  await connection.run.push(there!)
  expect(chat.lines).toEqual(['user: Hello', 'assistant: Hi there'])
  await connection.run.push(...end)
  await connection.run.close()
  expect(chat.status).toBe('idle')
})

test('a button that is enabled by canSend and canStop sends and stops', async () => {
  const connection = manualConnection()
  const { container } = render(Composer, { props: { connection } })
  const stop = screen.getByText('Stop') as HTMLButtonElement
  expect(stop.disabled).toBe(true)
  await fireEvent.click(screen.getByText('Send'))
  await settled()
  expect(stop.disabled).toBe(false)
  expect(container.querySelector('li')!.textContent).toBe('user: Hello')
  await fireEvent.click(stop)
  await settled()
  expect(stop.disabled).toBe(true)
  expect(screen.getByRole('status').textContent).toBe('stopped')
  expect(connection.run.signal.aborted).toBe(true)
})

test('sendMessage resolves with the outcome of its turn', async () => {
  const chat = show(owned(scriptedConnection(run(text('m1', 'Hi')))))
  expect(await chat.result.sendMessage('Hello')).toMatchObject({ outcome: 'finished', message: { id: 'm1' } })
})

test('an earlier question can be edited, and both versions can be shown', async () => {
  const chat = show(
    owned(scriptedConnection(run(text('m1', 'One')), run(text('m2', 'Two'))), { initialMessages: [user('u1', 'First'), assistant('a1', 'Zero')] }),
  )
  expect(chat.lines).toEqual(['user: First', 'assistant: Zero'])
  await chat.result.edit('u1', { content: 'Second', id: 'u2' })
  await settled()
  expect(chat.lines).toEqual(['user: Second', 'assistant: One'])
  expect(chat.result.branches('u2').map(({ id }) => id)).toEqual(['u1', 'u2'])
  chat.result.selectBranch('u1')
  await settled()
  expect(chat.lines).toEqual(['user: First', 'assistant: Zero'])
})

test('a failed turn shows its error, and retry sends the request again', async () => {
  const chat = show(owned(scriptedConnection([new ChatError('http', 'Too many', { status: 429 })], run(text('m1', 'Hi')))))
  await chat.result.sendMessage('Hello')
  await settled()
  expect([chat.status, chat.error]).toEqual(['error', 'http'])
  expect(chat.result.error.value?.status).toBe(429)
  await chat.result.retry()
  await settled()
  expect([chat.status, chat.error]).toEqual(['idle', ''])
  expect(chat.lines).toEqual(['user: Hello', 'assistant: Hi'])
})

test('the answer of the client to a tool call starts the next run', async () => {
  const connection = manualConnection()
  const chat = show(owned(connection, { tools: [{ name: 'where' }] }))
  void chat.result.sendMessage('Where am I?')
  await settled()
  await connection.run.push(...run(toolCall('c1', 'where', {})))
  await connection.run.close()
  expect(chat.status).toBe('tool-calling')
  chat.result.addToolResult({ toolCallId: 'c1', output: 'Oslo' })
  await settled()
  expect(chat.status).toBe('streaming')
  expect(connection.runs).toHaveLength(2)
})

test('a message that waits can be taken out of the queue', async () => {
  const connection = manualConnection()
  const chat = show(owned(connection))
  void chat.result.sendMessage('One')
  void chat.result.sendMessage({ content: 'Two', id: 'two' })
  await settled()
  expect(chat.queue).toEqual(['Two'])
  chat.result.unqueue('two')
  await settled()
  expect(chat.queue).toEqual([])
})

test('many reads are one render per frame', async () => {
  const connection = manualConnection()
  const frames = manualScheduler()
  const chat = show(owned(connection, { scheduler: frames }))
  void chat.result.sendMessage('Hello')
  await settled()
  const [started, opened] = run(text('m1'))
  await connection.run.push(started!, opened!)
  frames.flush()
  await settled()
  const before = chat.renders
  for (let i = 0; i < 50; i++) await connection.run.push({ type: 'TEXT_MESSAGE_CONTENT', messageId: 'm1', delta: 'x' })
  expect(chat.renders).toBe(before)
  expect(frames.due).toBe(1)
  frames.flush()
  await settled()
  expect(chat.renders).toBe(before + 1)
  expect(chat.lines.at(-1)).toBe(`assistant: ${'x'.repeat(50)}`)
})

test('5,000 reads in one task reach no update limit, with a watcher that sets state for each', async () => {
  const [started, opened, ...end] = run(text('m1'))
  const reads = [
    started!,
    opened!,
    ...Array.from({ length: 5000 }, () => ({ type: 'TEXT_MESSAGE_CONTENT', messageId: 'm1', delta: 'x' }) as const),
    ...end,
  ]
  const warnings: string[] = []
  const Scrolling = defineComponent(() => {
    const { messages, sendMessage } = useChat(owned(scriptedConnection(reads)))
    const height = ref(0)
    watch(messages, (now) => (height.value = textOf(now.at(-1)!).length))
    onMounted(() => void sendMessage('Hello'))
    return () => h('p', height.value)
  })
  const { container } = render(Scrolling, { global: { config: { warnHandler: (warning) => void warnings.push(warning) } } })
  await later()
  expect(container.textContent).toBe('5000')
  expect(warnings).toEqual([])
})

test('an async setup reads the present after its await, and is woken from then on', async () => {
  const connection = scriptedConnection(run(text('m1', 'Hi')), run(text('m2', 'Ho')))
  const shared = createChat({ connection, scheduler: syncScheduler })
  const Asking = defineComponent(async () => {
    const { messages, sendMessage } = useChat({ chat: shared })
    expect(messages.value).toEqual([])
    await sendMessage('Hello')
    const first = messages.value.map(textOf).join()
    return () => h('p', `${first} ${messages.value.length}`)
  })
  const { container } = render(() =>
    h(
      'main',
      h(Suspense, () => h(Asking)),
    ),
  )
  await later()
  expect(container.textContent).toBe('Hello,Hi 2')
  await shared.sendMessage('Again')
  await later()
  expect(container.textContent).toBe('Hello,Hi 4')
})

test('what happens to a chat between the first read and the first render is shown', async () => {
  const shared = createChat({ connection: manualConnection(), scheduler: syncScheduler })
  const Screen = defineComponent(() => {
    const { messages, chat } = useChat({ chat: shared })
    const row = useMessage(shared, 'u1')
    const first = messages.value.length + Number(row.value !== undefined)
    onBeforeMount(() => chat.value.setMessages([user('u1', 'In between')]))
    return () => h('p', `${first} ${messages.value.map(textOf).join()} ${row.value?.id}`)
  })
  expect(render(Screen).container.textContent).toBe('0 In between u1')
})

test('a component that is kept alive out of sight goes on, and shows the present when it is back', async () => {
  const connection = manualConnection()
  const isOpen = ref(true)
  let send!: (text: string) => Promise<unknown>
  const Chat = defineComponent(() => {
    const { messages, sendMessage } = useChat(owned(connection))
    send = sendMessage
    return () => h('p', messages.value.map(textOf).join())
  })
  const { container } = render(() => h(KeepAlive, () => (isOpen.value ? h(Chat) : h('i'))))
  void send('Hello')
  await settled()
  isOpen.value = false
  await later()
  await connection.run.push(...run(text('m1', 'Hi')))
  await connection.run.close()
  expect(container.querySelector('p')).toBeNull()
  isOpen.value = true
  await later()
  expect(container.textContent).toBe('Hello,Hi')
})
