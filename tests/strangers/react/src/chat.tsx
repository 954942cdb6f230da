import { fetchServerSentEvents, useChat } from '@statechat/react'

const connection = fetchServerSentEvents('/api/chat')

export function Chat() {
  const { messages, sendMessage, status } = useChat({ connection })
  return (
    <form action={(form) => void sendMessage(String(form.get('text')))}>
      <output>{status}</output>
      {messages.map(({ id, parts }) => (
        <p key={id}>{parts.map((part) => (part.type === 'text' ? part.content : ''))}</p>
      ))}
      <input name="text" />
    </form>
  )
}
