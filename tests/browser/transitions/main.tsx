import { ChatProvider, syncScheduler, type UIMessage, useChat } from '@statechat/react'
import { memo, startTransition, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { earlierMessages, endless } from './chunks.ts'
import './measure.ts'

const asked = new URLSearchParams(location.search)
const EARLIER = earlierMessages(300)
/** `?everyRead`: no frames, each read of the stream is rendered. The measurement has to see that. */
const SCHEDULER = asked.has('everyRead') ? syncScheduler : undefined
/** `?work=40`: milliseconds that the other view takes to render, in rows of a tenth. */
const WORK = Number(asked.get('work') ?? 0)
const ROWS = 10

function App() {
  const { chat, sendMessage, stop } = useChat({ connection: endless, initialMessages: EARLIER, scheduler: SCHEDULER })
  const [route, setRoute] = useState<'chat' | 'other'>('chat')
  const go = (to: typeof route) => startTransition(() => setRoute(to))
  return (
    <ChatProvider chat={chat}>
      <nav>
        <button onClick={() => void sendMessage('Go on for ever')}>Ask</button>
        <button onClick={stop}>Stop</button>
        <button onClick={() => go('chat')}>Chat</button>
        <button onClick={() => go('other')}>Other</button>
        <button onClick={() => setRoute('other')}>Other, urgently</button>
      </nav>
      <Latest />
      {route === 'chat' ? <Messages /> : <Other />}
    </ChatProvider>
  )
}

/** Shown on both routes, so that the stream renders during the transition, and after it. */
function Latest() {
  const { messages, status } = useChat()
  return (
    <aside id="latest" data-status={status}>
      {textOf(messages.at(-1)).slice(-80)}
    </aside>
  )
}

function Messages() {
  const { messages } = useChat()
  return (
    <main data-view="chat">
      <Draft />
      {messages.map((message) => (
        <Row key={message.id} message={message} />
      ))}
    </main>
  )
}

const Row = memo(({ message }: { message: UIMessage }) => (
  <article className={message.role}>
    <p>{textOf(message)}</p>
  </article>
))

function Draft() {
  const [draft, setDraft] = useState('')
  return (
    <label>
      Draft <input value={draft} onChange={(event) => setDraft(event.target.value)} />
      <output id="typed">{draft}</output>
    </label>
  )
}

const Other = () => (
  <main data-view="other">
    {Array.from({ length: ROWS }, (_, i) => (
      <Setting key={i} index={i} />
    ))}
  </main>
)

function Setting({ index }: { index: number }) {
  const end = performance.now() + WORK / ROWS
  while (performance.now() < end);
  return <p>Setting {index}</p>
}

function textOf(message: UIMessage | undefined) {
  return message?.parts.map((part) => (part.type === 'text' ? part.content : '')).join('') ?? ''
}

createRoot(document.getElementById('root')!).render(<App />)
