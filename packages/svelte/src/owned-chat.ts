import { type Chat, type ChatOptions, createChat, liveOptions, withoutCallbacks } from '@statechat/core'

/** A chat made from options, and the options it was made or last brought up to date from. */
interface Owned {
  readonly chat: Chat
  readonly options: ChatOptions
}

/** The chat that belongs to one `useChat`. */
export interface Owner {
  /** Options for another thread make another chat, all others bring the one there is up to date. */
  chatOf(options: ChatOptions): Chat
  owns(chat: Chat): boolean
}

/** Making a chat only allocates, so one that is never shown leaves nothing behind. */
export function createOwner(): Owner {
  let owned: Owned | null = null

  function own(options: ChatOptions): Chat {
    const { threadId } = options
    // A chat that made its own id and is now asked for by that id is the one asked for.
    if (owned && (owned.options.threadId === threadId || owned.chat.threadId === threadId)) {
      owned.chat.updateOptions(liveOptions(options))
      return owned.chat
    }
    // Disposed of a little later, unless somebody else holds it.
    owned?.chat.retain()()
    // The callbacks are listeners, so that they end with the component.
    return createChat(withoutCallbacks(options))
  }

  return {
    chatOf(options) {
      if (owned?.options !== options) owned = { chat: own(options), options }
      return owned.chat
    },
    owns: (chat) => owned?.chat === chat,
  }
}
