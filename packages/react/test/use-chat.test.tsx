import { fireEvent, render, screen } from '@testing-library/react'
import { useChat } from '@statechat/react'
import { manualConnection, settled } from '@statechat/core/testing'
import { expect, test } from 'vitest'
import { owned } from './support.ts'

test('a button that is enabled by canSend and canStop sends and stops', async () => {
  const connection = manualConnection()
  function Composer() {
    const { sendMessage, stop, canStop, status } = useChat(owned(connection))
    return (
      <>
        <button onClick={() => void sendMessage('Hello')}>Send</button>
        <button disabled={!canStop} onClick={stop}>
          Stop
        </button>
        <output>{status}</output>
      </>
    )
  }
  render(<Composer />)
  const stop = screen.getByText('Stop') as HTMLButtonElement
  expect(stop.disabled).toBe(true)
  fireEvent.click(screen.getByText('Send'))
  await settled()
  expect(stop.disabled).toBe(false)
  fireEvent.click(stop)
  await settled()
  expect(stop.disabled).toBe(true)
  expect(screen.getByRole('status').textContent).toBe('stopped')
  expect(connection.run.signal.aborted).toBe(true)
})
