import { systemTimers } from '../bytes/timers.ts'
import type { Chat } from '../chat.ts'
import { ChatError } from '../errors.ts'
import type { Restored } from '../session/events.ts'
import { ChatHost } from '../session/host.ts'
import { browserPage, type Page } from './page.ts'
import type { Persistence } from './persistence.ts'
import { openPlace } from './place.ts'
import { type ChatStorage, isPromise } from './storage.ts'
import { fromStored, type Versions } from './stored-chat.ts'
import { toStored } from './to-stored.ts'
import { createWriter } from './writer.ts'

export interface PersistOptions {
  /** Where the conversation is kept. Absent, as `globalThis.localStorage` is on a server: nothing is kept. */
  storage: ChatStorage | undefined
  /** Default: `statechat:<threadId>`. One key keeps one conversation; without a `threadId` the chat goes on with the one that is stored there. */
  key?: string | undefined
  /** The least time between two writes, in milliseconds. Default 1,000. */
  throttleMs?: number | undefined
  /** The version of what the application puts into its messages and state, stored with them: a whole number. Default 1. */
  version?: number | undefined
  /**
   * Makes today's form, `{ messages, head?, queue?, state? }`, of what an older version stored; gets `undefined` for data without a version.
   * What it throws counts as corrupt data. Default: older data is taken as it is.
   */
  migrate?: Versions['migrate']
  /** Where it is learnt that the page goes away. Default: the events `pagehide` and `visibilitychange`, if there are any. */
  page?: Page | undefined
}

/**
 * Keeps a conversation over reloads: all branches of its messages, what waits in the queue, the shared state, what is owed to tool calls, and
 * whether a run was going on, which is then looked for if its server keeps runs (the events say so, or the option `resume` does). Read when the chat is shown or used; written at most once
 * per `throttleMs`, when the page is hidden, and by `dispose()`. `clear()` removes it.
 *
 * Nothing that goes wrong is thrown: it is a warning `storage` (`onWarning`), and what cannot be read is moved to `<key>:corrupt`.
 * Creating a chat throws `ChatError` `misuse` if it has neither a `threadId` nor, in a synchronous storage, a `key`.
 *
 * @example
 * const chat = createChat({ threadId: 'thread-1', connection, persist: persist({ storage: globalThis.localStorage }) })
 */
export function persist({ storage, key, throttleMs = 1000, version = 1, migrate, page = browserPage }: PersistOptions): Persistence | undefined {
  // Servers are known to have a `localStorage` without methods.
  if (typeof storage?.getItem !== 'function') return undefined
  const versions: Versions = { version, migrate }

  return {
    open({ threadId = storedThread(storage, key, versions), ...input }, clock) {
      const host = new ChatHost({ ...input, threadId })
      const timers = clock ?? systemTimers
      const place = openPlace(storage, key ?? `statechat:${host.threadId}`, { timers, warn: (warning) => host.warn(warning) })
      const writer = createWriter({ write: () => place.write(serialise), timers, throttleMs })
      const initial = host.restore
      let actor: Chat['actor'] | undefined
      let sought: string | undefined
      let stopWatching = () => {}

      /** Here, not with each change: a write is at most one in a second, a change is every read of a stream. */
      function serialise(): string | null {
        const stored = actor ? toStored(host, actor, { version, sought, resume: input.resume === true }) : null
        return stored && JSON.stringify(stored)
      }

      async function restore() {
        const stored = await place.read((text) => fromStored(text, versions))
        const isOther = stored?.threadId !== undefined && stored.threadId !== host.threadId
        if (!stored || isOther) return (await initial?.()) ?? { messages: null }
        const { threadId: _, runId, ...rest } = stored
        sought = 'join' in host.options.connection ? runId : undefined
        return { ...rest, ...(sought !== undefined && { runId: sought }) } satisfies Restored
      }
      host.restore = restore

      return {
        host,
        watch(started) {
          actor = started
          place.open()
          writer.open()
          const { unsubscribe } = started.subscribe(() => {
            // What is stored is not to be replaced before it was read.
            if (host.restore === null) writer.changed()
          })
          const endPage = page.onHide(writer.flush)
          stopWatching = () => {
            unsubscribe()
            endPage()
          }
        },
        close() {
          stopWatching()
          writer.close()
          place.close()
        },
      }
    },
  }
}

/** The conversation that is stored at the key: it is needed before anything can be waited for. */
function storedThread(storage: ChatStorage, key: string | undefined, versions: Versions): string | undefined {
  if (key === undefined) throw new ChatError('misuse', 'A chat with `persist` needs a `threadId`, or `persist` a `key`, to be found again.')
  const text = readNow(storage, key)
  if (isPromise(text)) {
    void text.then(undefined, () => {})
    throw new ChatError(
      'misuse',
      `The storage is asynchronous, so the thread at ${key} is not known when the chat is created; give it a \`threadId\`.`,
    )
  }
  try {
    return text == null ? undefined : fromStored(text, versions).threadId
  } catch {
    // The chat says so when it reads it.
    return undefined
  }
}

function readNow(storage: ChatStorage, key: string) {
  try {
    return storage.getItem(key)
  } catch {
    return undefined
  }
}
