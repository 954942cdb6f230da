import { type Chat, ChatProvider, useChat, useChatContext } from '@statechat/react'
import { manualConnection, run, settled, text } from '@statechat/core/testing'
import { render, screen } from '@testing-library/react'
import { describe, expect, test, vi } from 'vitest'
import { timers, owned, textOf } from './support.ts'

describe('a provider', () => {
  test('gives its chat to useChat() and useChatContext() below it', async () => {
    const connection = manualConnection()
    const Status = () => <output>{useChat().status}</output>
    const Id = () => <i>{useChatContext().threadId}</i>
    let page!: Chat
    let renders = 0
    function Page() {
      const { chat } = useChat(owned(connection, { threadId: 'thread-1' }))
      page = chat
      renders++
      return (
        <ChatProvider chat={chat}>
          <Status />
          <Id />
        </ChatProvider>
      )
    }
    const { container } = render(<Page />)
    expect(container.textContent).toBe('idlethread-1')
    void page.sendMessage('Hello')
    await settled()
    expect(screen.getByRole('status').textContent).toBe('streaming')
    expect(renders).toBe(1)
  })

  test('is named when it is missing', () => {
    const errors = vi.spyOn(console, 'error').mockImplementation(() => {})
    const Nobody = () => <>{useChat().status}</>
    const Lost = () => <>{useChatContext().threadId}</>
    expect(() => render(<Nobody />)).toThrow(/give it a connection or a chat, or put a <ChatProvider/)
    expect(() => render(<Lost />)).toThrow(/no <ChatProvider chat=\{chat\}> above/)
    errors.mockRestore()
  })

  test('a part of the page that goes and comes back leaves the chat of the page running', async () => {
    const connection = manualConnection()
    let page!: Chat
    const Part = () => <p>{useChat().messages.map(textOf).join(', ')}</p>
    function Page({ isOpen }: { isOpen: boolean }) {
      const { chat } = useChat(owned(connection))
      page = chat
      return <ChatProvider chat={chat}>{isOpen && <Part />}</ChatProvider>
    }
    const { container, rerender, unmount } = render(<Page isOpen />)
    void page.sendMessage('Hello')
    await settled()
    rerender(<Page isOpen={false} />)
    await timers()
    await connection.run.push(...run(text('m1', 'Hi')).slice(0, 3))
    expect(container.textContent).toBe('')
    rerender(<Page isOpen />)
    expect(container.textContent).toBe('Hello, Hi')
    expect(connection.run.signal.aborted).toBe(false)
    unmount()
    await timers()
    expect(connection.run.signal.aborted).toBe(true)
  })
})
