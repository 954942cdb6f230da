import { type Chat, ChatError, latestCallbacks, type UseChatOptions } from '@statechat/core'
import { type Accessor, createComputed, createEffect, createMemo, on, onCleanup, untrack, useContext } from 'solid-js'
import { isServer } from 'solid-js/web'
import { ChatContext } from './chat-provider.ts'
import { type MaybeAccessor, valueOf } from './maybe-accessor.ts'
import { useOwnedChat } from './use-owned-chat.ts'

/** The chat that an owner shows, alive and heard for as long as it does. */
export function useShownChat(given: MaybeAccessor<UseChatOptions>): Accessor<Chat> {
  const options = () => valueOf(given)
  const provided = useContext(ChatContext)
  const owned = useOwnedChat(() => {
    const now = options()
    return now.connection && !now.chat ? now : null
  })
  const chosen = () => owned() ?? options().chat ?? provided?.() ?? missing()
  // Not only in the memo: what is thrown there goes to the error boundary, and the component goes on without a chat.
  untrack(chosen)
  const chat = createMemo(chosen)
  if (isServer) return chat

  createComputed(on(chat, (heard) => onCleanup(heard.listen(latestCallbacks(() => untrack(options))))))
  const isOwned = createMemo(() => owned() !== null)
  createEffect(
    on([chat, isOwned], ([shown, isOwned]) => {
      const release = isOwned ? shown.retain() : undefined
      shown.attach()
      onCleanup(() => {
        shown.detach()
        release?.()
      })
    }),
  )
  return chat
}

function missing(): never {
  throw new ChatError('misuse', 'useChat() found no chat: give it a connection or a chat, or put a <ChatProvider chat={chat}> above this component.')
}
