import type { Clock } from '../src/chat.ts'
import { settled } from './settled.ts'

/** Time that passes when a test says so: {@link manualClock}. */
export interface ManualClock extends Clock {
  /** Milliseconds since the epoch; give it to a chat as its `now`. */
  now(): number
  /**
   * Lets `ms` milliseconds pass. What falls due happens in order, each at its own time, with everything that follows from it, also
   * what is scheduled on the way. Resolves when it is done.
   */
  advance(ms: number): Promise<void>
  /** How many timers are set. */
  readonly due: number
}

interface Timer {
  at: number
  run: (...args: unknown[]) => void
}

/**
 * A clock that a test moves on: for the `clock` and `now` of a chat, and for the pauses of a script. Begins at `start`, in
 * milliseconds since the epoch.
 *
 * @example
 * const clock = manualClock()
 * const chat = createChat({ connection, clock, now: clock.now })
 * await clock.advance(500)
 */
export function manualClock(start = 0): ManualClock {
  const timers = new Map<unknown, Timer>()
  let now = start
  let ids = 0

  /** The first one set of those due first, up to `end`. */
  function next(end: number): [unknown, Timer] | undefined {
    let first: [unknown, Timer] | undefined
    for (const entry of timers) if (entry[1].at <= end && (!first || entry[1].at < first[1].at)) first = entry
    return first
  }

  return {
    now: () => now,
    setTimeout(run, ms) {
      timers.set(++ids, { at: now + Math.max(0, ms), run })
      return ids
    },
    clearTimeout: (id) => void timers.delete(id),
    async advance(ms) {
      const end = now + ms
      // What is on its way may set a timer that counts from now.
      await settled()
      for (let entry = next(end); entry; entry = next(end)) {
        const [id, { at, run }] = entry
        timers.delete(id)
        now = at
        run()
        await settled()
      }
      now = end
    },
    get due() {
      return timers.size
    },
  }
}
