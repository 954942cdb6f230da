import type { Chat } from '../chat.ts'

/** What `shareTabs()` gives: the option `tabs` of a chat. */
export interface Tabs {
  /** The chat's machine exists, and is about to start. */
  open(actor: Chat['actor']): OpenTab
}

/** One chat among those of its thread. */
export interface OpenTab {
  /** It is gone: what it holds is another tab's from here on. */
  close(): void
}
