import { useChat, type UseChatResult } from '@statechat/react'
import { manualConnection, run, settled, text } from '@statechat/core/testing'
import { render } from '@testing-library/react'
import { StrictMode, useEffect } from 'react'
import { describe, expect, test } from 'vitest'
import { owned, textOf, timers, user } from './support.ts'

describe('race 21: a component that StrictMode runs twice', () => {
  test('StrictMode sends one request, restores once, and keeps the run alive', async () => {
    const connection = manualConnection()
    let restored = 0
    const options = owned(connection, {
      async initialMessages() {
        restored++
        return [user('u0', 'Earlier')]
      },
    })
    let send!: UseChatResult['sendMessage']
    function Chat() {
      const { messages, sendMessage } = useChat(options)
      send = sendMessage
      return <p>{messages.map(textOf).join(', ')}</p>
    }
    const { container } = render(<Chat />, { wrapper: StrictMode })
    await settled()
    void send('Hello')
    await timers()
    expect(restored).toBe(1)
    expect(connection.runs).toHaveLength(1)
    expect(connection.run.signal.aborted).toBe(false)
    await connection.run.push(...run(text('m1', 'Hi')))
    await connection.run.close()
    expect(container.textContent).toBe('Earlier, Hello, Hi')
  })

  test('sends from an effect that StrictMode runs twice are one request at a time, and none is lost', async () => {
    const connection = manualConnection()
    function Eager() {
      const { sendMessage, queue } = useChat(owned(connection))
      useEffect(() => void sendMessage('Hello'), [sendMessage])
      return <p>{queue.length}</p>
    }
    const { container } = render(<Eager />, { wrapper: StrictMode })
    await timers()
    expect(connection.runs).toHaveLength(1)
    expect(connection.open).toBe(1)
    expect(container.textContent).toBe('1')
  })
})
