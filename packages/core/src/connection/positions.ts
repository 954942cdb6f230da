import { ChatError } from '../errors.ts'

/** The events of a stream, by their ids. */
export interface Positions {
  /** Whether an event is new; one that was seen before is to be skipped. Throws `ChatError` `truncated` when events before it are missing. */
  isNew(id: string): boolean
  /** The id of the last new event. */
  last(): string
  /** How far the stream has come, where its ids say so; else 0. */
  count(): number
}

/** `<epoch>-<seq>`, as our servers name events: `seq` counts from 1 without gaps. In the ids of a Redis stream a time is in the epoch's place. */
const COUNTED = /^\d{1,6}-(\d+)$/
/** As TanStack AI's servers name events. */
const TANSTACK = /^(memory|tanstack-ai-ds):v1:/

/** Whether a server that names its events so keeps them. An id alone says little: there are servers that number events and keep none. */
export const isKept = (id: string): boolean => COUNTED.test(id) || TANSTACK.test(id)

/** Ids that do not count are opaque: of these only the cursor itself is known to have been seen. `cursor` is `''` at the start of a run. */
export function createPositions(cursor = ''): Positions {
  let last = cursor
  let count = seqOf(cursor) ?? 0
  let isAtCursor = cursor !== ''

  return {
    isNew(id) {
      const seq = seqOf(id)
      const isRepeat = seq === undefined ? isAtCursor && id === cursor : seq <= count
      isAtCursor = false
      if (isRepeat) return false
      if (seq !== undefined) {
        if (seq > count + 1) throw new ChatError('truncated', `The stream has a gap: event ${id} came after ${last === '' ? 'none' : last}.`)
        count = seq
      }
      last = id
      return true
    },
    last: () => last,
    count: () => count,
  }
}

function seqOf(id: string): number | undefined {
  const match = COUNTED.exec(id)
  return match ? Number(match[1]) : undefined
}
