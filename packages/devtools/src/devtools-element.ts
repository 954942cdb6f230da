import type { Chat } from '@statechat/core'
import { createShell, type Shell } from './shell.ts'

export const TAG = 'statechat-devtools'

/** `<statechat-devtools>`: give it chats, and it shows what happens in them. It records while it is in a document. */
export interface DevtoolsElement extends HTMLElement {
  /** The chat that was given first, `null` for none. Setting it takes the place of all that were given. */
  chat: Chat | null
  /** Shows one more chat; returns the function that takes it away again. */
  add(chat: Chat): () => void
  /** Whether the panel is shown, and not only the button that opens it. Default false. */
  open: boolean
}

/** Defines the element; once, also when a page has loaded two copies of this. */
export function defineDevtools(): void {
  if (!customElements.get(TAG)) customElements.define(TAG, createElementClass())
}

/** Made when it is asked for: on a server there is no HTMLElement to extend. */
function createElementClass() {
  return class extends HTMLElement implements DevtoolsElement {
    /** How often each chat was given. */
    readonly #chats = new Map<Chat, number>()
    #shell: Shell | undefined
    #isOpen = false

    get chat() {
      const [first = null] = this.#chats.keys()
      return first
    }
    set chat(chat) {
      for (const each of [...this.#chats.keys()]) this.#forget(each)
      if (chat) this.add(chat)
    }
    get open() {
      return this.#isOpen
    }
    set open(isOpen) {
      this.#isOpen = isOpen
      this.#shell?.setOpen(isOpen)
    }
    add(chat: Chat) {
      this.#chats.set(chat, (this.#chats.get(chat) ?? 0) + 1)
      this.#shell?.show(chat)
      let isThere = true
      return () => {
        const count = this.#chats.get(chat)
        if (!isThere || count === undefined) return
        isThere = false
        if (count === 1) this.#forget(chat)
        else this.#chats.set(chat, count - 1)
      }
    }
    #forget(chat: Chat) {
      this.#chats.delete(chat)
      this.#shell?.hide(chat)
    }
    connectedCallback() {
      this.#shell = createShell(this, { isOpen: this.#isOpen, onToggle: (isOpen) => (this.#isOpen = isOpen) })
      for (const chat of this.#chats.keys()) this.#shell.show(chat)
    }
    disconnectedCallback() {
      this.#shell?.stop()
      this.#shell = undefined
    }
  }
}
