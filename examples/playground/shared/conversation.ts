import { fetchServerSentEvents } from '@statechat/core'
import { persist } from '@statechat/core/persist'
import { shareTabs } from '@statechat/core/tabs'

/** What the chat of a page needs to survive a reload, a lost connection and a server that restarts, in every tab of that page. */
export function conversationOf(page: string) {
  const key = `playground:${page}`
  return {
    connection: fetchServerSentEvents('/api/chat', { resumable: true }),
    threadId: threadOf(key),
    persist: persist({ storage: localStorage, key }),
    tabs: shareTabs(),
  }
}

/** One conversation for each page, for as long as the browser remembers it. */
function threadOf(key: string): string {
  const name = `${key}:thread`
  const known = localStorage.getItem(name) ?? crypto.randomUUID()
  localStorage.setItem(name, known)
  return known
}
