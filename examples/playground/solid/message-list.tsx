import { type UIMessage, type UseChatResult, useReadable } from '@statechat/solid'
import { type Accessor, createEffect, createSignal, For, onCleanup, onMount, Show } from 'solid-js'
import { SUGGESTIONS } from '../shared/chat-options.ts'
import { toEnd } from '../shared/to-end.ts'
import { Message } from './message.tsx'

/** Follows the end of the conversation, unless the reader has scrolled away from it. */
export function MessageList(props: { chat: UseChatResult }) {
  const [list, setList] = createSignal<HTMLElement>()
  followEnd(
    list,
    useReadable(() => props.chat.chat.messages),
  )
  const isWaiting = () => props.chat.isLoading && props.chat.messages.at(-1)?.role === 'user'
  return (
    <div class="messages" ref={setList} role="log" aria-live="off" aria-label="Conversation" tabIndex={0}>
      <Show when={props.chat.messages.length === 0}>
        <Welcome onPick={(text) => void props.chat.sendMessage(text)} />
      </Show>
      <For each={props.chat.messages}>
        {(message, index) => (
          <Message
            message={message}
            chat={props.chat}
            version={versionOf(message, props.chat)}
            canAnswerAgain={!props.chat.isLoading && message.role === 'assistant' && index() === props.chat.messages.length - 1}
            canEdit={!props.chat.isLoading}
            isAwaited={props.chat.phase === 'local'}
          />
        )}
      </For>
      <Show when={isWaiting()}>
        <p class="waiting" aria-hidden="true">
          <i />
          <i />
          <i />
        </p>
      </Show>
    </div>
  )
}

/** `2/3` for the second of three versions; empty where there is one. */
function versionOf(message: UIMessage, chat: UseChatResult): string {
  const versions = chat.branches(message.id)
  return versions.length > 1 ? `${versions.findIndex(({ id }) => id === message.id) + 1}/${versions.length}` : ''
}

function Welcome(props: { onPick: (text: string) => void }) {
  return (
    <div class="welcome">
      <h2>Ask something</h2>
      <p>The strip above shows the state of the machine that runs this chat.</p>
      <ul>
        <For each={SUGGESTIONS}>
          {(text) => (
            <li>
              <button type="button" class="quiet" onClick={() => props.onPick(text)}>
                {text}
              </button>
            </li>
          )}
        </For>
      </ul>
    </div>
  )
}

const NEAR = 80

function followEnd(element: Accessor<HTMLElement | undefined>, changes: Accessor<unknown>) {
  let isFollowing = true
  onMount(() => {
    const of = element()
    if (!of) return
    const onScroll = () => {
      isFollowing = of.scrollHeight - of.scrollTop - of.clientHeight < NEAR
    }
    const resizes = new ResizeObserver(() => isFollowing && toEnd(of))
    resizes.observe(of)
    of.addEventListener('scroll', onScroll, { passive: true })
    onCleanup(() => {
      resizes.disconnect()
      of.removeEventListener('scroll', onScroll)
    })
  })
  createEffect(() => {
    changes()
    const of = element()
    if (isFollowing && of) toEnd(of)
  })
}
