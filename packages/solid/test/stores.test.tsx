import { createChat, syncScheduler, type UIMessage, useChat, useMessage } from '@statechat/solid'
import { manualConnection, run, settled, text, toolCall, toolResult } from '@statechat/core/testing'
import { render } from '@solidjs/testing-library'
import { createEffect, createRoot, For, Show } from 'solid-js'
import { $RAW, unwrap } from 'solid-js/store'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { assistant, later, owned, show, textOf, user } from './support.tsx'

const delta = (content: string, messageId = 'm1') => ({ type: 'TEXT_MESSAGE_CONTENT', messageId, delta: content }) as const
const [STARTED, OPENED] = run(text('m1'))
const END = run(text('m1')).slice(2)

const isStore = (value: object) => $RAW in value
/** Freezes all that the core holds: whoever changes it fails. */
function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  Object.values(Object.freeze(value)).forEach(freeze)
  return value
}

afterEach(() => vi.restoreAllMocks())

describe('what the core holds', () => {
  test('is never changed, wrapped or marked: its messages may be frozen all the way down', async () => {
    const connection = manualConnection()
    const chat = createChat({
      connection,
      scheduler: syncScheduler,
      initialMessages: freeze([{ ...user('u1', 'One'), metadata: { tags: ['a'] } }]),
    })
    chat.subscribe(() => freeze(chat.getSnapshot().messages))
    const { lines } = show({ chat })
    expect(lines).toEqual(['user: One'])
    void chat.sendMessage({ content: 'Go', id: 'u2', metadata: { from: { name: 'me' } } })
    await settled()
    await connection.run.push(STARTED!, ...toolCall('c1', 'find', { query: { words: ['a', 'b'] } }), toolResult('c1', { hits: [{ id: 1 }] }))
    await connection.run.push(OPENED!, delta('Hi'))
    const before = chat.messages.get()
    const copy = structuredClone(before)
    await connection.run.push(delta(' there'))
    await connection.run.push(...END)
    await connection.run.close()
    expect(chat.status.get()).toBe('idle')
    expect(before).toEqual(copy)
    const after = chat.messages.get()
    expect([after[0], after[1]]).toEqual([before[0], before[1]])
    expect(after[0]).toBe(before[0])
    expect(after.flatMap((message) => [message, ...message.parts]).flatMap(Object.getOwnPropertySymbols)).toEqual([])
  })

  test('keeps the identity of a message that goes through the page and back', async () => {
    const chat = createChat({ connection: manualConnection(), initialMessages: [user('u1', 'One'), assistant('a1', 'Two'), user('u2', 'Three')] })
    const page = show({ chat })
    const [first, second] = chat.messages.get()
    expect(isStore(page.chat.messages[0]!)).toBe(true)
    page.chat.setMessages(page.chat.messages.slice(0, 2))
    expect(chat.messages.get()).toEqual([first, second])
    expect(chat.messages.get()[0]).toBe(first)

    page.chat.setMessages((messages) => [messages[0]!, { ...page.chat.messages[1]!, id: 'a2', parts: [...page.chat.messages[1]!.parts] }])
    const [same, spread] = chat.messages.get()
    expect(same).toBe(first)
    expect([spread!, ...spread!.parts].map(isStore)).toEqual([false, false])
    expect(page.lines).toEqual(['user: One', 'assistant: Two'])
  })

  test('gets copies of whatever else of a store a command is given', async () => {
    const connection = manualConnection()
    const page = show(owned(connection, { initialMessages: [user('u1', 'One')] }))
    void page.chat.sendMessage({ content: page.chat.messages[0]!.parts as { type: 'text'; content: string }[], id: 'u2' })
    await settled()
    const sent = connection.run.messages.at(-1)!
    expect(textOf(sent)).toBe('One')
    expect([sent, ...sent.parts].map(isStore)).toEqual([false, false])
    expect(sent.parts[0]).not.toBe(unwrap(page.chat.messages[0]!.parts[0]))
  })
})

describe('messages in the page', () => {
  test('keep their elements through a whole turn with a tool and what the model thought', async () => {
    const connection = manualConnection()
    const page = show(owned(connection, { initialMessages: [user('u1', 'One'), assistant('a1', 'Two')] }))
    const rows = () => [...page.container.querySelectorAll('ol > li')]
    void page.chat.sendMessage({ content: 'Go', id: 'u2' })
    await settled()
    await connection.run.push(STARTED!, ...text('m1', 'Look').slice(0, -1))
    const before = rows()
    const span = before[3]!.querySelector('span')
    await connection.run.push(...toolCall('c1', 'find', { a: 1 }), toolResult('c1', 'found'))
    await connection.run.push(...text('m2', 'There', ' it is'), ...END.slice(-1))
    await connection.run.close()
    expect(rows()).toHaveLength(4)
    expect(rows().every((row, i) => row === before[i])).toBe(true)
    expect(rows()[3]!.querySelector('span')).toBe(span)
  })

  test('keep their elements when one before them goes', async () => {
    const page = show(owned(manualConnection(), { initialMessages: [user('u1', 'One'), assistant('a1', 'Two'), user('u2', 'Three')] }))
    const [, second, third] = page.container.querySelectorAll('ol > li')
    page.chat.setMessages((messages) => messages.slice(1))
    expect([...page.container.querySelectorAll('ol > li')]).toEqual([second, third])
    expect(page.container.querySelector('ol > li')).toBe(second)
  })

  test('change in one text node per token, whatever is above them', async () => {
    const connection = manualConnection()
    const history = Array.from({ length: 50 }, (_, i) => user(`u${i}`, `${i}`))
    const page = show(owned(connection, { initialMessages: history }))
    void page.chat.sendMessage('Go')
    await settled()
    await connection.run.push(STARTED!, OPENED!, delta('x'))
    const records: MutationRecord[] = []
    const observer = new MutationObserver((seen) => records.push(...seen))
    observer.observe(page.container, { subtree: true, childList: true, characterData: true, attributes: true })
    for (let i = 0; i < 10; i++) await connection.run.push(delta('x'))
    records.push(...observer.takeRecords())
    observer.disconnect()
    const span = page.container.querySelector('ol > li:last-child span')!
    expect(span.textContent).toBe('x'.repeat(11))
    expect(records).toHaveLength(10)
    expect(records.every(({ target }) => span.contains(target))).toBe(true)
  })

  test('of another kind of part at the same place are another element', async () => {
    const page = show(owned(manualConnection(), { initialMessages: [assistant('a1', 'Words')] }))
    const [text, list] = [page.container.querySelector('span')!, page.container.querySelector('li')!]
    page.chat.setMessages([{ id: 'a1', role: 'assistant', parts: [{ type: 'source', id: 's1', title: 'Book' }] }])
    expect(page.lines).toEqual(['assistant: source'])
    expect(page.container.querySelector('li')).toBe(list)
    expect(page.container.querySelector('span')).not.toBe(text)
    page.chat.setMessages([{ id: 'a1', role: 'assistant', parts: [] }])
    expect(page.lines).toEqual(['assistant: '])
  })

  test('show what is new in the fields of a message, and no longer what is gone', () => {
    const first: UIMessage = { ...user('u1', 'One'), metadata: { model: 'a', stars: { count: 1 } } }
    const page = show(owned(manualConnection(), { initialMessages: [first] }))
    const seen: unknown[] = []
    const dispose = createRoot((dispose) => {
      createEffect(() => {
        const { metadata } = page.chat.messages[0]!
        seen.push([metadata?.['model'], unwrap(metadata?.['stars'])])
      })
      return dispose
    })
    page.chat.setMessages([{ ...first, metadata: { model: 'b' } }])
    page.chat.setMessages([user('u1', 'One')])
    dispose()
    expect(seen).toEqual([
      ['a', { count: 1 }],
      ['b', undefined],
      [undefined, undefined],
    ])
  })
})

describe('who wakes', () => {
  test('a reader of isLoading, of the length or of a finished message never wakes for a token', async () => {
    const connection = manualConnection()
    const chat = createChat({ connection, scheduler: syncScheduler, initialMessages: [user('u1', 'One')] })
    const woken = { isLoading: 0, length: 0, finished: 0, versions: 0, streaming: 0 }
    await createRoot(async (dispose) => {
      const shown = useChat({ chat })
      createEffect(() => void (shown.isLoading, woken.isLoading++))
      createEffect(() => void (shown.messages.length, woken.length++))
      createEffect(() => void (textOf(shown.messages[0]!), woken.finished++))
      createEffect(() => void (shown.branches('u1').length, woken.versions++))
      createEffect(() => void (shown.messages.map(textOf).join(), woken.streaming++))
      await settled()
      void shown.sendMessage({ content: 'Go', id: 'u2' })
      await settled()
      await connection.run.push(STARTED!, OPENED!, delta('x'))
      const before = { ...woken }
      for (let i = 0; i < 100; i++) await connection.run.push(delta('x'))
      expect({ ...woken, streaming: 0 }).toEqual({ ...before, streaming: 0 })
      expect(woken.streaming).toBe(before.streaming + 100)
      expect(woken.finished).toBeLessThanOrEqual(3)
      dispose()
    })
  })

  test('what nobody reads is not copied, and what has kept its identity is neither read nor copied again', async () => {
    const connection = manualConnection()
    const chat = createChat({ connection, scheduler: syncScheduler, initialMessages: [user('u1', 'One')] })
    let reads = 0
    Object.defineProperty(chat.messages.get()[0], 'createdAt', { enumerable: true, get: () => void reads++ })
    await createRoot(async (dispose) => {
      const shown = useChat({ chat })
      void shown.sendMessage('Go')
      await settled()
      await connection.run.push(STARTED!, OPENED!, delta('x'))
      expect(reads).toBe(0)
      expect(shown.messages).toHaveLength(3)
      expect(reads).toBe(1)
      for (let i = 0; i < 10; i++) await connection.run.push(delta('x'))
      await connection.run.push(...END)
      await connection.run.close()
      void shown.sendMessage('Again')
      await settled()
      expect(shown.messages.map(textOf)).toEqual(['One', 'Go', 'x'.repeat(11), 'Again'])
      expect(reads).toBe(1)
      dispose()
    })
  })

  test('nobody sees new text beside an old status', async () => {
    const connection = manualConnection()
    const seen: string[] = []
    await createRoot(async (dispose) => {
      const shown = useChat(owned(connection))
      const last = () => shown.messages.at(-1)
      createEffect(() =>
        seen.push(
          `${shown.isLoading} ${last()?.role} ${last()
            ?.parts.map((part) => ('state' in part ? part.state : ''))
            .join()}`,
        ),
      )
      void shown.sendMessage('Go')
      await settled()
      await connection.run.push(STARTED!, OPENED!, delta('x'))
      await connection.run.push(...END)
      await connection.run.close()
      dispose()
    })
    expect(seen).not.toContain('false assistant streaming')
    expect(seen.at(-1)).toBe('false assistant done')
  })
})

describe('useMessage', () => {
  test('gives a store that stays the same while its message grows, and undefined when it is gone', async () => {
    const connection = manualConnection()
    const chat = createChat({ connection, scheduler: syncScheduler })
    let woken = 0
    function Row() {
      const message = useMessage(chat, 'm1')
      createEffect(() => void (message(), woken++))
      return (
        <p>
          <Show when={message()} fallback="nothing">
            {(shown) => <For each={shown().parts}>{(part) => <b>{'content' in part ? String(part.content) : ''}</b>}</For>}
          </Show>
        </p>
      )
    }
    const { container } = render(() => <Row />)
    expect(container.textContent).toBe('nothing')
    void chat.sendMessage('Go')
    await settled()
    await connection.run.push(STARTED!, OPENED!, delta('a'))
    const bold = container.querySelector('b')
    const before = woken
    await connection.run.push(delta('b'))
    expect(container.innerHTML).toContain('>ab</b>')
    expect(container.querySelector('b')).toBe(bold)
    expect(woken).toBe(before)
    chat.clear()
    await later()
    expect(container.textContent).toBe('nothing')
  })
})
