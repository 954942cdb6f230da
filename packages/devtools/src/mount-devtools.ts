import type { Chat } from '@statechat/core'
import { defineDevtools, type DevtoolsElement, TAG } from './devtools-element.ts'

export interface MountOptions {
  /** Where the panel's element goes. Default: the end of `document.body`. */
  parent?: ParentNode | undefined
  /** Whether the panel is open from the start. Default false: there is a button. */
  open?: boolean | undefined
}

/**
 * Shows a chat in the devtools panel of the page; several chats share one panel. Starts the chat's machine. Returns the
 * function that takes the chat away again, and the panel with the last one.
 *
 * @example
 * if (import.meta.env.DEV) void import('@statechat/devtools').then(({ mountDevtools }) => mountDevtools(chat))
 */
export function mountDevtools(chat: Chat, { parent = document.body, open = false }: MountOptions = {}): () => void {
  defineDevtools()
  const element = parent.querySelector<DevtoolsElement>(`:scope > ${TAG}`) ?? (document.createElement(TAG) as DevtoolsElement)
  const remove = element.add(chat)
  if (open) element.open = true
  if (!element.isConnected) parent.append(element)
  return () => {
    remove()
    if (!element.chat) element.remove()
  }
}
