import { messageOf, type WarningSink } from '../errors.ts'
import { isQuota } from './storage.ts'

/** What can be wrong with a storage. */
type Trouble = 'read' | 'corrupt' | 'quota' | 'write' | 'slow'

/** Says what is wrong with the storage, once per kind until it works again. */
export interface Complaints {
  unread(cause: unknown): void
  corrupt(cause: unknown, seen: unknown): void
  unwritten(cause: unknown): void
  slow(): void
  /** Something was written. */
  works(): void
}

export function createComplaints(key: string, aside: string, warn: WarningSink): Complaints {
  const told = new Set<Trouble>()

  function tell(trouble: Trouble, message: string, seen?: unknown) {
    if (told.has(trouble)) return
    told.add(trouble)
    warn({ code: 'storage', message, seen })
  }

  return {
    unread: (cause) =>
      tell(
        'read',
        `What is stored at ${key} could not be read: ${messageOf(cause)}. The chat begins without it; it will be kept at ${aside}.`,
        cause,
      ),
    corrupt: (cause, seen) => tell('corrupt', `What is stored at ${key} is no conversation, and was moved to ${aside}: ${messageOf(cause)}`, seen),
    unwritten(cause) {
      if (isQuota(cause))
        tell('quota', `The storage is full; the conversation is not stored. Remove what is old, or use a larger one: ${messageOf(cause)}`, cause)
      else tell('write', `The conversation could not be stored at ${key}; the next change tries again: ${messageOf(cause)}`, cause)
    },
    slow: () => tell('slow', `The storage has not answered for 10 seconds; the conversation is stored at ${key} when it does.`),
    works: () => told.clear(),
  }
}
