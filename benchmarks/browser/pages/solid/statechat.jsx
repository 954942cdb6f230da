import { fetchServerSentEvents, useChat } from '@statechat/solid'
import { createSignal, For, onCleanup } from 'solid-js'
import { render } from 'solid-js/web'
import { QUESTION } from '../shared/asked.js'
import { ready } from '../shared/bench.js'
import { earlierMessages, textOf } from '../shared/messages.js'
import { agUi } from '../shared/protocols.js'
import { watchSnapshots } from '../shared/snapshots.js'

const connection = fetchServerSentEvents('/api/chat')
const initialMessages = earlierMessages((content) => ({ type: 'text', content }))

const Row = (props) => (
  <article class={`message ${props.message.role}`} data-id={props.message.id}>
    <p class="text">{textOf(props.message)}</p>
  </article>
)

function Counter() {
  const [count, setCount] = createSignal(0)
  return (
    <header>
      <button id="urgent" onClick={() => setCount(count() + 1)}>
        Count
      </button>
      <output id="count">{count()}</output>
    </header>
  )
}

function Chat() {
  const chat = useChat({ connection, initialMessages })
  onCleanup(watchSnapshots(chat.chat))
  ready({ protocol: agUi, send: () => chat.sendMessage(QUESTION) })
  return (
    <main id="list">
      <For each={chat.messages}>{(message) => <Row message={message} />}</For>
    </main>
  )
}

render(
  () => (
    <>
      <Counter />
      <Chat />
    </>
  ),
  document.querySelector('#root'),
)
