import { createChat, syncScheduler, useChat, useChatSelector, useMessage } from '@statechat/react'
import { manualConnection, run, scriptedConnection, settled, text } from '@statechat/core/testing'
import { act, render } from '@testing-library/react'
import { memo, startTransition, useEffect, useState } from 'react'
import { describe, expect, test, vi } from 'vitest'
import { timers, textOf, user } from './support.ts'

const delta = (content: string) => ({ type: 'TEXT_MESSAGE_CONTENT', messageId: 'm1', delta: content }) as const
const [STARTED, OPENED] = run(text('m1'))
const END = run(text('m1')).slice(2)

describe('a component that reads only isLoading', () => {
  test('renders a handful of times while 1,000 deltas arrive, however it reads it', async () => {
    const connection = manualConnection()
    const shared = createChat({ connection, scheduler: syncScheduler })
    let lean = 0
    let lazy = 0
    let all = 0
    function Lean() {
      const { isLoading, sendMessage: _send, stop: _stop } = useChat({ chat: shared })
      lean++
      return <b>{String(isLoading)}</b>
    }
    function Lazy() {
      const chat = useChat({ chat: shared })
      lazy++
      return <i>{chat.isLoading ? 'busy' : 'free'}</i>
    }
    function All() {
      const { messages } = useChat({ chat: shared })
      all++
      return <p>{messages.map(textOf).join()}</p>
    }
    const { container } = render(
      <>
        <Lean />
        <Lazy />
        <All />
      </>,
    )
    void shared.sendMessage('Hello')
    await settled()
    expect(container.querySelector('b')!.textContent).toBe('true')
    await connection.run.push(STARTED!, OPENED!)
    for (let i = 0; i < 1000; i++) await connection.run.push(delta('x'))
    expect(container.querySelector('p')!.textContent).toBe(`Hello,${'x'.repeat(1000)}`)
    await connection.run.push(...END)
    await connection.run.close()
    expect(container.querySelector('b')!.textContent).toBe('false')
    expect(container.querySelector('i')!.textContent).toBe('free')
    expect(lean).toBeLessThanOrEqual(3)
    expect(lazy).toBeLessThanOrEqual(3)
    expect(all).toBeGreaterThanOrEqual(1000)
  })

  test('shows the present when a timers render reads more, and is woken for it from then on', async () => {
    const connection = manualConnection()
    const shared = createChat({ connection, scheduler: syncScheduler })
    let open!: (isOpen: boolean) => void
    let renders = 0
    function Panel() {
      const [isOpen, setOpen] = useState(false)
      const chat = useChat({ chat: shared })
      open = setOpen
      renders++
      return <p>{isOpen ? chat.messages.map(textOf).join() : String(chat.isLoading)}</p>
    }
    const { container } = render(<Panel />)
    void shared.sendMessage('Hello')
    await settled()
    await connection.run.push(STARTED!, OPENED!, delta('a'))
    await connection.run.push(delta('b'))
    const before = renders
    act(() => open(true))
    expect(container.textContent).toBe('Hello,ab')
    expect(renders).toBe(before + 1)
    await connection.run.push(delta('c'))
    expect(container.textContent).toBe('Hello,abc')
  })

  test('does not miss a field that changes and changes back around its first read', async () => {
    const connection = manualConnection()
    const shared = createChat({ connection, scheduler: syncScheduler })
    let open!: (isOpen: boolean) => void
    function Panel() {
      const [isOpen, setOpen] = useState(false)
      const chat = useChat({ chat: shared })
      open = setOpen
      return <p>{isOpen ? chat.status : `${chat.queue.length} waiting`}</p>
    }
    const { container } = render(<Panel />)
    void shared.sendMessage('Hello')
    await settled()
    act(() => open(true))
    expect(container.textContent).toBe('streaming')
    shared.clear()
    await settled()
    expect(container.textContent).toBe('idle')
  })

  test('sees the present in a handler, and through a result that a child kept', async () => {
    const shared = createChat({ connection: scriptedConnection(run(text('m1', 'Hi'))), scheduler: syncScheduler })
    let result!: ReturnType<typeof useChat>
    let look!: (isOpen: boolean) => void
    const Child = memo(function Child({ chat }: { chat: ReturnType<typeof useChat> }) {
      const [isOpen, setOpen] = useState(false)
      look = setOpen
      return <p>{isOpen ? chat.messages.map(textOf).join() : 'closed'}</p>
    })
    function Parent() {
      result = useChat({ chat: shared })
      return <Child chat={result} />
    }
    const { container } = render(<Parent />)
    await shared.sendMessage('Hello')
    shared.setMessages([user('u1', 'Changed')])
    await settled()
    act(() => look(true))
    expect(container.textContent).toBe('Changed')
    expect(result.messages.map(textOf)).toEqual(['Changed'])
    shared.setMessages([user('u2', 'Again')])
    await settled()
    expect(container.textContent).toBe('Again')
  })

  test('counts what a render that was thrown away has read as read', async () => {
    const connection = manualConnection()
    const shared = createChat({ connection, scheduler: syncScheduler })
    let arrive!: () => void
    const arrival = new Promise<void>((resolve) => (arrive = resolve))
    let show!: (isOpen: boolean) => void
    function Panel() {
      const [isOpen, setOpen] = useState(false)
      show = setOpen
      const chat = useChat({ chat: shared })
      if (isOpen && chat.messages.length < 2) throw arrival
      return <p>{isOpen ? chat.messages.map(textOf).join() : 'closed'}</p>
    }
    const { container } = render(<Panel />)
    void shared.sendMessage('Hello')
    await settled()
    await act(async () => startTransition(() => show(true)))
    expect(container.textContent).toBe('closed')
    await act(async () => {
      await connection.run.push(STARTED!, OPENED!, delta('Hi'))
      arrive()
    })
    expect(container.textContent).toBe('Hello,Hi')
  })
})

describe('rows', () => {
  test('a list of ids with useMessage in its rows renders one row per token, and the list not at all', async () => {
    const connection = manualConnection()
    const shared = createChat({ connection, scheduler: syncScheduler, initialMessages: [user('u1', 'One')] })
    const rendered: string[] = []
    const sameIds = (a: readonly string[], b: readonly string[]) => a.length === b.length && a.every((id, i) => id === b[i])
    function Row({ id }: { id: string }) {
      const message = useMessage(shared, id)
      rendered.push(id)
      return <li>{message && textOf(message)}</li>
    }
    const MemoRow = memo(Row)
    function List() {
      rendered.push('list')
      const ids = useChatSelector(shared, ({ messages }) => messages.map(({ id }) => id), sameIds)
      return (
        <ol>
          {ids.map((id) => (
            <MemoRow key={id} id={id} />
          ))}
        </ol>
      )
    }
    const { container } = render(<List />)
    void shared.sendMessage({ content: 'Two', id: 'u2' })
    await settled()
    await connection.run.push(STARTED!, OPENED!, delta('x'))
    rendered.length = 0
    for (let i = 0; i < 100; i++) await connection.run.push(delta('x'))
    expect(rendered).toEqual(Array.from({ length: 100 }, () => 'm1'))
    expect([...container.querySelectorAll('li')].map((row) => row.textContent)).toEqual(['One', 'Two', 'x'.repeat(101)])
  })
})

describe('useChatSelector', () => {
  test('with an inline selector that makes a new object each time renders once per change of the chat', async () => {
    const errors = vi.spyOn(console, 'error')
    const connection = manualConnection()
    const shared = createChat({ connection, scheduler: syncScheduler })
    let renders = 0
    function Summary() {
      renders++
      const { count, last } = useChatSelector(shared, ({ messages }) => ({ count: messages.length, last: messages.at(-1) }))
      return <p>{`${count} ${last ? textOf(last) : ''}`}</p>
    }
    const { container, rerender } = render(<Summary />)
    void shared.sendMessage('Hello')
    await settled()
    expect(container.textContent).toBe('1 Hello')
    await connection.run.push(STARTED!, OPENED!, delta('Hi'))
    expect(container.textContent).toBe('2 Hi')
    const before = renders
    rerender(<Summary />)
    await timers()
    expect(renders).toBe(before + 1)
    expect(errors).not.toHaveBeenCalled()
    errors.mockRestore()
  })

  test('stays subscribed once through renders with a new inline selector each, and lets go at the end', async () => {
    const shared = createChat({ connection: manualConnection() })
    const { subscribe } = shared.snapshot
    let subscribed = 0
    let open = 0
    shared.snapshot.subscribe = (onChange) => {
      subscribed++
      open++
      const end = subscribe(onChange)
      return () => {
        open--
        end()
      }
    }
    const Count = ({ add }: { add: number }) => <p>{useChatSelector(shared, ({ messages }) => messages.length + add)}</p>
    const { container, rerender, unmount } = render(<Count add={0} />)
    for (let add = 1; add <= 10; add++) rerender(<Count add={add} />)
    expect(container.textContent).toBe('10')
    expect(subscribed).toBe(1)
    unmount()
    expect(open).toBe(0)
  })

  test('keeps an equal selection, in a new chat state and in a new render', async () => {
    const shared = createChat({ connection: scriptedConnection(run(text('m1', 'Hi', ' there'))), scheduler: syncScheduler })
    const seen = new Set<unknown>()
    function Roles() {
      seen.add(
        useChatSelector(
          shared,
          ({ messages }) => [...new Set(messages.map(({ role }) => role))],
          (a, b) => a.join() === b.join(),
        ),
      )
      return null
    }
    const { rerender } = render(<Roles />)
    await shared.sendMessage('Hello')
    await settled()
    rerender(<Roles />)
    rerender(<Roles />)
    expect([...seen]).toEqual([[], ['user'], ['user', 'assistant']])
  })

  test('follows another chat and another selector', async () => {
    const chats = ['one', 'two'].map((id) => createChat({ connection: manualConnection(), initialMessages: [user(id, id)] }))
    const Show = ({ at, suffix }: { at: number; suffix: string }) => (
      <p>{useChatSelector(chats[at]!, ({ messages }) => messages.map(textOf).join() + suffix)}</p>
    )
    const { container, rerender } = render(<Show at={0} suffix="!" />)
    expect(container.textContent).toBe('one!')
    rerender(<Show at={1} suffix="!" />)
    expect(container.textContent).toBe('two!')
    rerender(<Show at={1} suffix="?" />)
    expect(container.textContent).toBe('two?')
    chats[0]!.clear()
    await settled()
    expect(container.textContent).toBe('two?')
  })
})

describe('many reads', () => {
  test.each(['one task', '5,000 tasks'])(
    '5,000 in %s reach no update limit, with an effect that sets state for each',
    { timeout: 60_000 },
    async (when) => {
      const errors = vi.spyOn(console, 'error')
      const reads = [STARTED!, OPENED!, ...Array.from({ length: 5000 }, () => delta('x')), ...END]
      const manual = manualConnection()
      const shared = createChat({ connection: when === 'one task' ? scriptedConnection(reads) : manual, scheduler: syncScheduler })
      function Scrolling() {
        const { messages } = useChat({ chat: shared })
        const [height, setHeight] = useState(0)
        const last = messages.at(-1)
        useEffect(() => setHeight(last ? textOf(last).length : 0), [last])
        return <p>{height}</p>
      }
      const { container } = render(<Scrolling />)
      const turn = shared.sendMessage('Hello')
      await settled()
      if (when !== 'one task') {
        for (const read of reads) await manual.run.push(read)
        await manual.run.close()
      }
      expect(await turn).toMatchObject({ outcome: 'finished' })
      await timers()
      expect(container.textContent).toBe('5000')
      expect(errors).not.toHaveBeenCalled()
      errors.mockRestore()
    },
  )

  test('an update between the first read and the subscription is not lost', async () => {
    const shared = createChat({ connection: manualConnection(), scheduler: syncScheduler })
    const Change = () => {
      useEffect(() => shared.setMessages([user('u1', 'In between')]), [])
      return null
    }
    const Last = () => <b>{useChatSelector(shared, ({ messages }) => messages.map(textOf).join())}</b>
    const Row = () => <i>{useMessage(shared, 'u1')?.id}</i>
    const All = () => <p>{useChat({ chat: shared }).messages.map(textOf).join()}</p>
    const { container } = render(
      <>
        <Change />
        <Last />
        <Row />
        <All />
      </>,
    )
    await settled()
    expect(container.innerHTML).toBe('<b>In between</b><i>u1</i><p>In between</p>')
  })
})
