import { type Chat, ChatProvider, type ChatOptions, useChat, useChatSelector, useMessage } from '@statechat/react'
import { type ReactNode, Suspense } from 'react'
import { textOf } from '@statechat/conformance'

const Count = ({ chat }: { chat: Chat }) => <b>{useChatSelector(chat, ({ messages }) => messages.length)}</b>
const First = ({ chat }: { chat: Chat }) => <i>{useMessage(chat, 'u1') ? 'there' : 'absent'}</i>

function Thread() {
  const { chat, messages, status, phase, canReload } = useChat()
  return (
    <section>
      <output>{`${status} ${phase} ${canReload}`}</output>
      {messages.map((message) => (
        <p key={message.id}>{textOf(message)}</p>
      ))}
      <Count chat={chat} />
      <First chat={chat} />
    </section>
  )
}

/** A page as a server renders it: all that reads a chat is in a boundary of its own, which is hydrated later. */
export function Page({ options, onChat }: { options: ChatOptions; onChat?: (chat: Chat) => void }): ReactNode {
  const { chat, isLoading } = useChat(options)
  onChat?.(chat)
  return (
    <ChatProvider chat={chat}>
      <h1>{String(isLoading)}</h1>
      <Suspense fallback="…">
        <Thread />
      </Suspense>
    </ChatProvider>
  )
}
