import { type Chat, type ChatCallbacks, latestCallbacks, type Readable } from '@statechat/core'
import { onMount, untrack } from 'svelte'

interface Heard {
  shown: Readable<Chat>
  /** As they are now. */
  callbacks: () => ChatCallbacks
}

interface Held extends Heard {
  owns: (chat: Chat) => boolean
  onSwitch: () => void
}

/** Keeps the chat that is shown attached and heard while the component lives, and alive if it is the component's own. */
export function holdWhileMounted({ shown, callbacks, owns, onSwitch }: Held): void {
  function hold(chat: Chat): () => void {
    const release = owns(chat) ? chat.retain() : undefined
    const endHearing = hear(chat, { shown, callbacks })
    chat.attach()
    return () => {
      endHearing()
      chat.detach()
      release?.()
    }
  }

  onMount(() => {
    let release = hold(shown.get())
    const end = shown.subscribe(() =>
      untrack(() => {
        release()
        release = hold(shown.get())
        onSwitch()
      }),
    )
    return () => {
      end()
      release()
    }
  })
}

/** Where there is no component, whoever asks for the chat also has it heard, instead of the one before. */
export function hearWhatIsShown({ shown, callbacks }: Heard): () => Chat {
  const { get } = shown
  let heard: { chat: Chat; end: () => void } | null = null
  return () => {
    const chat = get()
    if (heard?.chat === chat) return chat
    heard?.end()
    heard = { chat, end: hear(chat, { shown, callbacks }) }
    return chat
  }
}

/** The callbacks as they are when something is to be heard; none once another chat is shown. */
function hear(chat: Chat, { shown, callbacks }: Heard): () => void {
  const latest = (): ChatCallbacks => untrack(() => (shown.get() === chat ? callbacks() : {}))
  return chat.listen(latestCallbacks(latest))
}
