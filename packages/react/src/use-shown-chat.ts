'use client'
import { type Chat, callbacksOf, ChatError, type UseChatOptions } from '@statechat/core'
import { useContext, useEffect, useInsertionEffect } from 'react'
import { ChatContext } from './chat-provider.ts'
import { useOwnedChat } from './use-owned-chat.ts'

/** The chat that a component shows, alive and heard for as long as it does. */
export function useShownChat(options: UseChatOptions): Chat {
  const provided = useContext(ChatContext)
  const owned = useOwnedChat(options.connection && !options.chat ? options : null)
  const chat = owned ?? options.chat ?? provided
  if (!chat)
    throw new ChatError(
      'misuse',
      'useChat() found no chat: give it a connection or a chat, or put a <ChatProvider chat={chat}> above this component.',
    )

  const { onChunk, onFinish, onError, onToolCall, onData, onWarning } = options
  const heard = [onChunk, onFinish, onError, onToolCall, onData, onWarning]
  useInsertionEffect(() => chat.listen(callbacksOf(options)), [chat, ...heard])

  const isOwned = owned !== null
  useEffect(() => {
    const release = isOwned ? chat.retain() : undefined
    chat.attach()
    return () => {
      chat.detach()
      release?.()
    }
  }, [chat, isOwned])
  return chat
}
