import { fetchServerSentEvents, useChat } from '@tanstack/ai-react'
import { useEffect } from 'react'
import { QUESTION } from '../shared/asked.js'
import { ready } from '../shared/bench.js'
import { earlierMessages } from '../shared/messages.js'
import { agUi } from '../shared/protocols.js'
import { Row, show } from './parts.jsx'

const connection = fetchServerSentEvents('/api/chat')
const initialMessages = earlierMessages((content) => ({ type: 'text', content }), { createdAt: new Date(0) })

function Chat() {
  const { messages, sendMessage } = useChat({ connection, initialMessages })
  useEffect(() => ready({ protocol: agUi, send: () => sendMessage(QUESTION) }), [sendMessage])
  return (
    <main id="list">
      {messages.map((message) => (
        <Row key={message.id} message={message} />
      ))}
    </main>
  )
}

show(Chat)
