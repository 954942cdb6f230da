import type { UIMessage, useChat } from '@statechat/react'
import { useLayoutEffect, useRef } from 'react'
import { SUGGESTIONS } from '../shared/chat-options.ts'
import { toEnd } from '../shared/to-end.ts'
import { Message } from './message.tsx'

type ChatView = ReturnType<typeof useChat>

/** Follows the end of the conversation, unless the reader has scrolled away from it. */
export function MessageList({ chat }: { chat: ChatView }) {
  const { messages, isLoading, phase } = chat
  const list = useFollowedEnd<HTMLDivElement>(messages)
  const isWaiting = isLoading && messages.at(-1)?.role === 'user'
  return (
    <div className="messages" ref={list} role="log" aria-live="off" aria-label="Conversation" tabIndex={0}>
      {messages.length === 0 && <Welcome onPick={(text) => void chat.sendMessage(text)} />}
      {messages.map((message, index) => (
        <Message
          key={message.id}
          message={message}
          chat={chat.chat}
          version={versionOf(message, chat)}
          canAnswerAgain={!isLoading && message.role === 'assistant' && index === messages.length - 1}
          canEdit={!isLoading}
          isAwaited={phase === 'local'}
        />
      ))}
      {isWaiting && (
        <p className="waiting" aria-hidden="true">
          <i />
          <i />
          <i />
        </p>
      )}
    </div>
  )
}

/** `2/3` for the second of three versions; empty where there is one. */
function versionOf(message: UIMessage, chat: ChatView): string {
  const versions = chat.branches(message.id)
  return versions.length > 1 ? `${versions.findIndex(({ id }) => id === message.id) + 1}/${versions.length}` : ''
}

function Welcome({ onPick }: { onPick: (text: string) => void }) {
  return (
    <div className="welcome">
      <h2>Ask something</h2>
      <p>The strip above shows the state of the machine that runs this chat.</p>
      <ul>
        {SUGGESTIONS.map((text) => (
          <li key={text}>
            <button type="button" className="quiet" onClick={() => onPick(text)}>
              {text}
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}

const NEAR = 80

function useFollowedEnd<E extends HTMLElement>(changes: unknown) {
  const element = useRef<E>(null)
  const isFollowing = useRef(true)
  useLayoutEffect(() => {
    const of = element.current
    if (!of) return
    const onScroll = () => {
      isFollowing.current = of.scrollHeight - of.scrollTop - of.clientHeight < NEAR
    }
    const resizes = new ResizeObserver(() => isFollowing.current && toEnd(of))
    resizes.observe(of)
    of.addEventListener('scroll', onScroll, { passive: true })
    return () => {
      resizes.disconnect()
      of.removeEventListener('scroll', onScroll)
    }
  }, [])
  useLayoutEffect(() => {
    if (isFollowing.current && element.current) toEnd(element.current)
  }, [changes])
  return element
}
