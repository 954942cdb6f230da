import type { Equal, Readable } from './readable.ts'
import type { Scheduler } from './scheduler.ts'

/** Runs a listener so that what it throws breaks nothing else. */
export type Isolate = (run: () => void) => void

/**
 * One consistent cut of everything that can be read. Between two publications every `get` gives the old cut, as long
 * as somebody listens, so that no renderer sees half of a change; when nobody listens, `get` is always up to date.
 */
export class Publisher {
  readonly #scheduler: Scheduler
  readonly #isolate: Isolate
  /** The values that somebody listens to. */
  readonly listened = new Set<Cell<unknown>>()
  #isDirty = false
  #version = 0
  #cancelDue: (() => void) | null = null

  constructor(scheduler: Scheduler, isolate: Isolate) {
    this.#scheduler = scheduler
    this.#isolate = isolate
  }

  /** A value computed from the state behind; recomputed once per publication, and only if it is read or listened to. */
  readable<T>(compute: () => T, equal?: Equal<T>): Readable<T>
  /** A value computed from another one. */
  readable<T, S>(compute: (of: S) => T, equal: Equal<T> | undefined, of: Readable<S>): Readable<T>
  readable<T, S>(compute: (of: S) => T, equal: Equal<T> = Object.is, of?: Readable<S>): Readable<T> {
    return new Cell(this, compute, equal, of)
  }
  /** The state behind has changed: publish soon, as the scheduler says, or now. */
  invalidate(when: 'soon' | 'now'): void {
    this.#isDirty = true
    if (when === 'now') this.flush()
    else if (this.listened.size > 0 && !this.#cancelDue) {
      let isDone = false
      const cancelScheduled = this.#scheduler(() => {
        isDone = true
        this.flush()
      })
      if (!isDone) this.#cancelDue = cancelScheduled
    }
  }
  /** Publishes now what was to be published soon. */
  flush(): void {
    this.cancel()
    if (!this.#isDirty) return
    this.#isDirty = false
    this.#version++
    for (const cell of this.listened) renew(cell)
    const changed = [...this.listened].filter((cell) => cell.changedAt === this.#version)
    for (const cell of changed)
      for (const listener of [...cell.listeners!]) {
        if (cell.listeners!.has(listener)) this.#isolate(listener.onChange)
      }
  }
  /** Forgets a publication that is due. */
  cancel(): void {
    this.#cancelDue?.()
    this.#cancelDue = null
  }

  /** Counts publications. Nobody can tell when a change that nobody hears of is published: now. */
  version(): number {
    if (this.#isDirty && this.listened.size === 0) this.flush()
    return this.#version
  }
}

/** What cannot be computed is for its reader to find out: it is woken, and `get` throws. */
function renew(cell: Cell<unknown>): void {
  try {
    cell.refresh()
  } catch {
    cell.changedAt = cell.publisher.version()
  }
}

class Cell<T, S = unknown> implements Readable<T> {
  readonly publisher: Publisher
  readonly #compute: (of: S) => T
  readonly #equal: Equal<T>
  readonly #of: Readable<S> | undefined
  #value: T | undefined
  #at = -1
  /** The publication in which the value last became another one. */
  changedAt = -1
  /** Made for the first one: most values of most chats are never listened to. */
  listeners: Set<Listener> | undefined

  constructor(publisher: Publisher, compute: (of: S) => T, equal: Equal<T>, of: Readable<S> | undefined) {
    this.publisher = publisher
    this.#compute = compute
    this.#equal = equal
    this.#of = of
  }

  readonly get: () => T = this.refresh.bind(this)
  readonly subscribe: Readable<T>['subscribe'] = this.#listen.bind(this)

  #listen(onChange: () => void): () => void {
    this.refresh()
    // The same function may listen twice.
    const listener = { onChange }
    const listeners = (this.listeners ??= new Set())
    listeners.add(listener)
    this.publisher.listened.add(this as Cell<unknown>)
    return () => {
      listeners.delete(listener)
      if (listeners.size === 0) this.publisher.listened.delete(this as Cell<unknown>)
    }
  }
  refresh(): T {
    const version = this.publisher.version()
    if (this.#at !== version) {
      const next = this.#compute(this.#of?.get() as S)
      if (this.#at < 0 || !this.#equal(this.#value as T, next)) {
        this.#value = next
        this.changedAt = version
      }
      this.#at = version
    }
    return this.#value as T
  }
}

interface Listener {
  readonly onChange: () => void
}
