import { fetchServerSentEvents, useChat } from '@statechat/react'
import { useEffect } from 'react'
import { QUESTION } from '../shared/asked.js'
import { ready } from '../shared/bench.js'
import { earlierMessages } from '../shared/messages.js'
import { agUi } from '../shared/protocols.js'
import { watchSnapshots } from '../shared/snapshots.js'
import { Row, show } from './parts.jsx'

const connection = fetchServerSentEvents('/api/chat')
const initialMessages = earlierMessages((content) => ({ type: 'text', content }))

function Chat() {
  const { messages, sendMessage, chat } = useChat({ connection, initialMessages })
  useEffect(() => ready({ protocol: agUi, send: () => sendMessage(QUESTION) }), [sendMessage])
  useEffect(() => watchSnapshots(chat), [chat])
  return (
    <main id="list">
      {messages.map((message) => (
        <Row key={message.id} message={message} />
      ))}
    </main>
  )
}

show(Chat)
