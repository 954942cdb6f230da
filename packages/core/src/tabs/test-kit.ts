import { onTestFinished } from 'vitest'
import { type ChatTest, chatTest } from '../../test/chat-kit.ts'
import { settled } from '../../testing/index.ts'
import type { ChatOptions } from '../chat.ts'
import type { ConnectContext, Connection } from '../connection/connection.ts'
import { nextTask } from '../session/next-task.ts'
import type { Locks } from '../session/options.ts'
import type { Chunk } from '../protocol/chunk.ts'
import { shareTabs } from './share-tabs.ts'
import type { Channel } from './tab-channel.ts'

interface Held {
  name: string
  tab: number
  release: () => void
}
interface Wanted {
  name: string
  tab: number
  grant: () => void
}

/** One browser: its tabs share locks and channels. Each message is copied, and comes after `lag` tasks (default 1); a lock after one. */
export function testBrowser(lag = 1) {
  const channels = new Set<Channel & { name: string; tab: number }>()
  const held: Held[] = []
  const wanted: Wanted[] = []
  const dead = new Set<number>()
  const posted: unknown[] = []
  let inFlight = 0
  let tabs = 0

  function pass(name: string) {
    if (held.some((lock) => lock.name === name)) return
    const next = wanted.findIndex((each) => each.name === name)
    if (next >= 0) wanted.splice(next, 1)[0]!.grant()
  }
  function letGo(lock: Held) {
    const at = held.indexOf(lock)
    if (at < 0) return
    held.splice(at, 1)
    pass(lock.name)
  }

  const locksOf = (tab: number): Locks => ({
    request: (name, { ifAvailable, signal }, hold) =>
      new Promise((resolve, reject) => {
        const grant = () => {
          const lock: Held = { name, tab, release: () => letGo(lock) }
          held.push(lock)
          nextTask(() => {
            if (dead.has(tab)) return letGo(lock)
            void hold({ name }).then(() => {
              letGo(lock)
              resolve()
            }, reject)
          })
        }
        if (!held.some((lock) => lock.name === name)) return grant()
        if (ifAvailable) return nextTask(() => void hold(null).then(resolve, reject))
        const request: Wanted = { name, tab, grant }
        wanted.push(request)
        signal?.addEventListener('abort', () => {
          const at = wanted.indexOf(request)
          if (at < 0) return
          wanted.splice(at, 1)
          reject(new DOMException('The request was aborted.', 'AbortError'))
        })
      }),
    query: async () => ({ held: held.map(({ name }) => ({ name })) }),
  })

  const channelOf = (tab: number) => (name: string) => {
    const channel: Channel & { name: string; tab: number } = {
      name,
      tab,
      onmessage: null,
      postMessage(message) {
        if (dead.has(tab)) return
        if (!channels.has(channel)) throw new DOMException('The channel is closed.', 'InvalidStateError')
        const data: unknown = structuredClone(message)
        posted.push(data)
        for (const other of channels) {
          if (other === channel || other.name !== name) continue
          inFlight++
          afterTasks(lag, () => {
            inFlight--
            if (channels.has(other)) other.onmessage?.({ data: structuredClone(data) })
          })
        }
      },
      close: () => channels.delete(channel),
    }
    channels.add(channel)
    return channel
  }

  return {
    posted,
    /** Names of the locks that somebody has. */
    held: () => held.map(({ name }) => name),
    /** The tab that has such a lock. */
    holder: (name: RegExp) => held.find((lock) => name.test(lock.name))?.tab ?? -1,
    wanted: () => wanted.map(({ name }) => name),
    channels: () => channels.size,
    /** Until nobody has anything to say. */
    async calm() {
      for (let quiet = 0; quiet < 6; quiet = inFlight === 0 ? quiet + 1 : 0) await settled()
    },
    /** Says something on the channel as another tab would. */
    say(name: string, data: unknown) {
      const { postMessage, close } = channelOf(-1)(name)
      postMessage(data)
      close()
    },
    openTab(share = shareTabs) {
      const tab = tabs++
      return {
        tabs: share({ openChannel: channelOf(tab), locks: locksOf(tab) }),
        number: tab,
        locks: locksOf(tab),
        /** The page is gone, without a word. */
        kill() {
          dead.add(tab)
          for (const channel of channels) if (channel.tab === tab) channels.delete(channel)
          for (const request of wanted.filter((each) => each.tab === tab)) wanted.splice(wanted.indexOf(request), 1)
          for (const lock of held.filter((each) => each.tab === tab)) letGo(lock)
        },
      }
    },
  }
}

const afterTasks = (count: number, run: () => void): void => nextTask(count > 1 ? () => afterTasks(count - 1, run) : run)

export interface TestTab extends ChatTest {
  /** The page is closed, and with it its connections. */
  kill(): void
}

/** Tabs that show one thread, each with a connection to the same server. */
export function testTabs(connection: Connection, shared: Partial<ChatOptions> = {}, lag?: number) {
  const browser = testBrowser(lag)
  function open(options: Partial<ChatOptions> = {}): TestTab {
    const { tabs, locks, number, kill } = browser.openTab()
    let ids = 0
    const page = new AbortController()
    const generateId = () => `tab${number}-${++ids}`
    const test = chatTest({ threadId: 't', connection: ofPage(connection, page.signal), tabs, locks, generateId, ...shared, ...options })
    test.chat.attach()
    const end = () => {
      page.abort()
      kill()
    }
    onTestFinished(end)
    return { ...test, kill: end }
  }
  return { browser, open, calm: browser.calm }
}

/** Requests of a page that is gone are gone, and it hears nothing any more. */
function ofPage(connection: Connection, page: AbortSignal): Connection {
  const until = (signal: AbortSignal) => AbortSignal.any([signal, page])
  async function* reads(source: AsyncIterable<Chunk | readonly Chunk[]>) {
    for await (const read of source) {
      if (page.aborted) await new Promise(() => {})
      yield read
    }
    if (page.aborted) await new Promise(() => {})
  }
  const deaf = (context: ConnectContext): ConnectContext => ({ ...context, onCursor: (cursor) => !page.aborted && context.onCursor(cursor) })
  return {
    connect: (messages, data, signal, context) => reads(connection.connect(messages, data, until(signal), deaf(context))),
    ...(connection.join && { join: (signal, context) => reads(connection.join!(until(signal), deaf(context))) }),
    ...(connection.cancel && { cancel: (run) => connection.cancel!(run) }),
  }
}
