import type { WarningSink } from '../errors.ts'
import type { Timers } from '../bytes/timers.ts'
import { createComplaints } from './complaints.ts'
import { createPatience } from './patience.ts'
import { type ChatStorage, isPromise } from './storage.ts'
import type { Written } from './writer.ts'

/** The place of one conversation in a storage. What goes wrong is a warning, never an error. */
export interface Place {
  /** What `parse` makes of the text that is there; null if there is none, or none that can be read. What `parse` refuses is moved aside. */
  read<T>(parse: (text: unknown) => T): Promise<T | null>
  /** Writes a text, unless it is there already; null removes it. At once if the storage is synchronous. */
  write(make: () => string | null): Written | Promise<Written>
  /** Sets no timers until the next {@link open}; what is being written is written all the same. */
  close(): void
  open(): void
}

export function openPlace(storage: ChatStorage, key: string, { timers, warn }: { timers: Timers; warn: WarningSink }): Place {
  const aside = `${key}:corrupt`
  const complaints = createComplaints(key, aside, warn)
  const patience = createPatience(timers)
  /** What is there; undefined if nobody knows. */
  let last: string | null | undefined
  /** Something is there that could not be read: it is not to be lost. */
  let isUnread = false

  async function moveAside(text: string) {
    await patience.answer(() => storage.setItem(aside, text))
    await patience.answer(() => storage.removeItem(key))
    last = null
  }

  async function keepUnread() {
    const text = await patience.answer(() => storage.getItem(key))
    if (text != null) await moveAside(text)
    isUnread = false
  }

  const put = (text: string | null): unknown => (text === null ? storage.removeItem(key) : storage.setItem(key, text))

  function written(text: string | null): Written {
    last = text
    complaints.works()
    return 'done'
  }
  function failed(cause: unknown): Written {
    last = undefined
    complaints.unwritten(cause)
    return 'failed'
  }

  return {
    async read(parse) {
      let text: string | null | undefined
      try {
        text = await patience.answer(() => storage.getItem(key))
      } catch (cause) {
        isUnread = true
        complaints.unread(cause)
        return null
      }
      last = text ?? null
      if (text == null) return null
      try {
        return parse(text)
      } catch (cause) {
        complaints.corrupt(cause, text)
        // Best effort: where this fails too, there is nowhere to put it.
        await moveAside(text).catch(() => {})
        return null
      }
    },
    write(make) {
      try {
        const text = make()
        if (text === last) return 'same'
        const work = isUnread ? keepUnread().then(() => put(text)) : put(text)
        if (!isPromise(work)) return written(text)
        const done = patience.whenSlow(complaints.slow)
        return Promise.resolve(work)
          .then(() => written(text), failed)
          .finally(done)
      } catch (cause) {
        return failed(cause)
      }
    },
    close: patience.end,
    open: patience.begin,
  }
}
