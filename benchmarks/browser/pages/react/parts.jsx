import { memo, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { textOf } from '../shared/messages.js'

/** Messages keep their identity in all contestants, so all of them profit. */
export const Row = memo(({ message }) => (
  <article className={`message ${message.role}`} data-id={message.id}>
    <p className="text">{textOf(message)}</p>
  </article>
))

function Counter() {
  const [count, setCount] = useState(0)
  return (
    <header>
      <button id="urgent" onClick={() => setCount(count + 1)}>
        Count
      </button>
      <output id="count">{count}</output>
    </header>
  )
}

export const show = (Chat) =>
  createRoot(document.querySelector('#root')).render(
    <>
      <Counter />
      <Chat />
    </>,
  )
