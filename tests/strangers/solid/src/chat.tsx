import { fetchServerSentEvents, useChat } from '@statechat/solid'
import { For } from 'solid-js'

export function Chat() {
  const chat = useChat({ connection: fetchServerSentEvents('/api/chat') })
  let field!: HTMLInputElement

  function submit(event: SubmitEvent) {
    event.preventDefault()
    void chat.sendMessage(field.value)
  }

  return (
    <form onSubmit={submit}>
      <output>{chat.status}</output>
      <For each={chat.messages}>{(message) => <p>{message.parts.map((part) => (part.type === 'text' ? part.content : ''))}</p>}</For>
      <input ref={field} name="text" />
    </form>
  )
}
