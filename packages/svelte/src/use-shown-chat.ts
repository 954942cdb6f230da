import { type Chat, ChatError, type Readable, type UseChatOptions } from '@statechat/core'
import { untrack } from 'svelte'
import { toStore } from 'svelte/store'
import { isInComponent, providedChat } from './chat-context.ts'
import { hearWhatIsShown, holdWhileMounted } from './hold-chat.ts'
import { type MaybeGetter, valueOf } from './maybe-getter.ts'
import { createOwner } from './owned-chat.ts'

/**
 * The chat that is shown, by the options as they are when it is asked for: so no moment shows another thread's. Alive
 * and heard for as long as the component is.
 */
export function useShownChat(source: MaybeGetter<UseChatOptions>, onSwitch: () => void): Readable<Chat> {
  const provided = providedChat()
  const { chatOf, owns } = createOwner()
  const callbacks = () => valueOf(source)
  // The one effect that Svelte offers to plain modules: subscribers run again when state changes that is read here.
  const changes = toStore(() => ({ options: valueOf(source), provided: provided?.() }))

  function choose(options: UseChatOptions): Chat {
    if (options.chat) return options.chat
    const chat = options.connection ? chatOf(options) : provided?.()
    if (chat) return chat
    throw new ChatError('misuse', 'useChat() found no chat: give it a connection or a chat, or call provideChat(chat) in a component above this one.')
  }

  const shown: Readable<Chat> = {
    get: () => untrack(() => choose(valueOf(source))),
    subscribe(wake) {
      let seen = shown.get()
      return changes.subscribe(() => {
        const chat = shown.get()
        if (chat === seen) return
        seen = chat
        wake()
      })
    },
  }
  if (isInComponent()) holdWhileMounted({ shown, owns, callbacks, onSwitch })
  else shown.get = hearWhatIsShown({ shown, callbacks })
  return shown
}
