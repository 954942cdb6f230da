import { useChat } from '@ai-sdk/react'
import { DefaultChatTransport } from 'ai'
import { useEffect } from 'react'
import { asked, QUESTION } from '../shared/asked.js'
import { ready } from '../shared/bench.js'
import { earlierMessages } from '../shared/messages.js'
import { uiMessageStream } from '../shared/protocols.js'
import { Row, show } from './parts.jsx'

const transport = new DefaultChatTransport({ api: '/api/chat' })
const earlier = earlierMessages((text) => ({ type: 'text', text, state: 'done' }))

function Chat() {
  const { messages, sendMessage } = useChat({ transport, messages: earlier, experimental_throttle: asked.throttle })
  useEffect(() => ready({ protocol: uiMessageStream, send: () => sendMessage({ text: QUESTION }) }), [sendMessage])
  return (
    <main id="list">
      {messages.map((message) => (
        <Row key={message.id} message={message} />
      ))}
    </main>
  )
}

show(Chat)
