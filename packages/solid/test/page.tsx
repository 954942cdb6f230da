import { type Chat, ChatProvider, type ChatOptions, useChat, useChatSelector, useMessage } from '@statechat/solid'
import { For, type JSX } from 'solid-js'
import { textOf } from './text.ts'

const Count = (props: { chat: Chat }) => {
  const count = useChatSelector(
    () => props.chat,
    ({ messages }) => messages.length,
  )
  return <b>{count()}</b>
}

const First = (props: { chat: Chat }) => {
  const message = useMessage(() => props.chat, 'u1')
  return <i>{message() ? 'there' : 'absent'}</i>
}

export function Thread(): JSX.Element {
  const chat = useChat()
  return (
    <section>
      <output>{`${chat.status} ${chat.phase} ${chat.canReload}`}</output>
      <For each={chat.messages}>{(message) => <p>{textOf(message)}</p>}</For>
      <Count chat={chat.chat} />
      <First chat={chat.chat} />
    </section>
  )
}

/** A page as a server renders it. */
export function Page(props: { options: ChatOptions; onChat?: (chat: Chat) => void; children?: JSX.Element }): JSX.Element {
  const chat = useChat(() => props.options)
  props.onChat?.(chat.chat)
  return (
    <ChatProvider chat={chat.chat}>
      <h1>{String(chat.isLoading)}</h1>
      {props.children ?? <Thread />}
    </ChatProvider>
  )
}
