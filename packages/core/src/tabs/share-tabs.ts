import type { Locks } from '../session/options.ts'
import { openTab } from './open-tab.ts'
import type { Channel } from './tab-channel.ts'
import type { Tabs } from './tabs.ts'

export interface ShareTabsOptions {
  /** Where the tabs talk to each other. Default: a `BroadcastChannel` of this name, in a page. */
  openChannel?: ((name: string) => Channel) | undefined
  /** Who has the run. Default: `navigator.locks`, in a page. */
  locks?: Locks | undefined
}

/**
 * The chats of one thread in several tabs are one: one tab has the connection, all show the answer as it comes, any of them can stop it, and when that
 * tab is closed another one goes on. Where there is no page (on a server), and in browsers without BroadcastChannel or Web Locks, each chat is on its own.
 *
 * @example
 * const chat = createChat({ connection: fetchServerSentEvents('/api/chat'), threadId: 'thread-1', tabs: shareTabs() })
 */
export function shareTabs(options: ShareTabsOptions = {}): Tabs {
  return {
    open(actor) {
      const { openChannel = pageChannel(), locks = pageLocks() } = options
      if (!openChannel || !locks) return { close() {} }
      const open = () => openTab(actor, { openChannel, locks })
      let tab = open()
      // A page that is kept for the way back holds nothing meanwhile.
      const hide = () => tab.close()
      const show = ({ persisted }: { persisted: boolean }) => {
        if (persisted) tab = open()
      }
      const page = globalThis.window
      page?.addEventListener?.('pagehide', hide)
      page?.addEventListener?.('pageshow', show)
      return {
        close() {
          page?.removeEventListener?.('pagehide', hide)
          page?.removeEventListener?.('pageshow', show)
          tab.close()
        },
      }
    },
  }
}

// Node has channels, too; but there the chats of one thread may be those of many people.
const isPage = () => globalThis.document !== undefined
const pageChannel = () => (isPage() && globalThis.BroadcastChannel ? (name: string): Channel => new BroadcastChannel(name) as Channel : undefined)
const pageLocks = () => (isPage() ? (globalThis.navigator as { locks?: Locks } | undefined)?.locks : undefined)
