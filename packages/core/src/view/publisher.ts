import type { Equal, Readable } from './readable.ts'
import type { Scheduler } from './scheduler.ts'

/** Runs a listener so that what it throws breaks nothing else. */
export type Isolate = (run: () => void) => void

/**
 * One consistent cut of everything that can be read. Between two publications every `get` gives the old cut, as long
 * as somebody listens, so that no renderer sees half of a change; when nobody listens, `get` is always up to date.
 */
export interface Publisher {
  /** A value computed from the state behind; recomputed once per publication, and only if it is read or listened to. */
  readable<T>(compute: () => T, equal?: Equal<T>): Readable<T>
  /** The state behind has changed: publish soon, as the scheduler says, or now. */
  invalidate(when: 'soon' | 'now'): void
  /** Publishes now what was to be published soon. */
  flush(): void
  /** Forgets a publication that is due. */
  cancel(): void
}

interface Cell {
  listeners: Set<() => void>
  /** The publication in which the value last became another one. */
  changedAt: number
  refresh(): void
}

export function createPublisher(scheduler: Scheduler, isolate: Isolate): Publisher {
  const listened = new Set<Cell>()
  let version = 0
  let dirty = false
  let cancelDue: (() => void) | null = null

  function cancel() {
    cancelDue?.()
    cancelDue = null
  }

  function publish() {
    cancel()
    if (!dirty) return
    dirty = false
    version++
    for (const cell of listened) renew(cell)
    const changed = [...listened].filter((cell) => cell.changedAt === version)
    for (const cell of changed) for (const listener of [...cell.listeners]) if (cell.listeners.has(listener)) isolate(listener)
  }

  /** What cannot be computed is for its reader to find out: it is woken, and `get` throws. */
  function renew(cell: Cell) {
    try {
      cell.refresh()
    } catch {
      cell.changedAt = version
    }
  }

  function readable<T>(compute: () => T, equal: Equal<T> = Object.is): Readable<T> {
    let value: T
    let at = -1
    const cell: Cell = {
      listeners: new Set(),
      changedAt: -1,
      refresh() {
        if (at === version) return
        const next = compute()
        if (at < 0 || !equal(value, next)) {
          value = next
          cell.changedAt = version
        }
        at = version
      },
    }
    return {
      get() {
        if (dirty && listened.size === 0) publish()
        cell.refresh()
        return value
      },
      subscribe(onChange) {
        if (dirty && listened.size === 0) publish()
        cell.refresh()
        const listener = () => onChange()
        cell.listeners.add(listener)
        listened.add(cell)
        return () => {
          cell.listeners.delete(listener)
          if (cell.listeners.size === 0) listened.delete(cell)
        }
      },
    }
  }

  return {
    readable,
    invalidate(when) {
      dirty = true
      if (when === 'now') publish()
      else if (listened.size > 0 && !cancelDue) {
        let isDone = false
        const cancelScheduled = scheduler(() => {
          isDone = true
          publish()
        })
        if (!isDone) cancelDue = cancelScheduled
      }
    },
    flush: publish,
    cancel,
  }
}
