import type { Chunk } from '../protocol/chunk.ts'
import type { FollowedRun } from '../session/events.ts'
import type { RunEnd, Thread } from './tab-message.ts'

/** A run as each tab knows it: the one that has it open, and those that follow. */
export interface SharedRun {
  readonly run: FollowedRun
  /** The conversation when it began. */
  readonly thread: Thread
  /** The tab that has it open. */
  owner: string
  /** From the start. */
  readonly chunks: Chunk[]
  /** Where the server can be asked for what comes after them. */
  cursor: string | null
  end: { at: number; end: RunEnd } | null
  /** Whether it had begun before this tab came. */
  readonly isLate: boolean
  /** Somebody else wants its chunks. */
  isFollowed: boolean
  /** Adds chunks of which the first is the one at this place. False when some before it are missing. */
  add(at: number, chunks: readonly Chunk[], cursor: string | null): boolean
  /** Something about it is new. */
  wake(): void
  /** Resolves with the next {@link wake}. */
  changed(): Promise<void>
}

export function createSharedRun(run: FollowedRun, thread: Thread, owner: string, isLate = false): SharedRun {
  let wake = () => {}
  let next: Promise<void> | null = null
  const shared: SharedRun = {
    run,
    thread,
    owner,
    chunks: [],
    cursor: null,
    end: null,
    isLate,
    isFollowed: false,
    add(at, chunks, cursor) {
      const { length } = shared.chunks
      if (at > length) return false
      // A longer one says where the server can be asked; a shorter one is behind.
      if (at + chunks.length < length) return true
      for (const chunk of chunks.slice(length - at)) shared.chunks.push(chunk)
      shared.cursor = cursor
      return true
    },
    wake() {
      wake()
      next = null
    },
    changed: () => (next ??= new Promise((resolve) => (wake = resolve))),
  }
  return shared
}

/** Whether the server can be asked for what is missing. A stream of chunks without positions cannot be resumed after all. */
export const canResume = ({ cursor, chunks }: SharedRun): boolean => cursor !== null && (cursor !== '' || chunks.length === 0)
