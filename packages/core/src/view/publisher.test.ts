import { describe, expect, it } from 'vitest'
import { manualScheduler } from '../../testing/index.ts'
import { Publisher } from './publisher.ts'
import { syncScheduler } from './scheduler.ts'

/** A state of two numbers, read through readables. */
function setup(scheduler = manualScheduler()) {
  const state = { a: 1, b: 1 }
  const thrown: unknown[] = []
  const publisher = new Publisher(scheduler, (run) => {
    try {
      run()
    } catch (error) {
      thrown.push(error)
    }
  })
  let computed = 0
  const a = publisher.readable(() => {
    computed++
    return state.a
  })
  const b = publisher.readable(() => state.b)
  const both = publisher.readable(
    () => ({ ...state }),
    (x, y) => x.a === y.a && x.b === y.b,
  )
  return {
    state,
    thrown,
    publisher,
    scheduler,
    a,
    b,
    both,
    get computed() {
      return computed
    },
    set(next: Partial<typeof state>, when: 'soon' | 'now' = 'soon') {
      Object.assign(state, next)
      publisher.invalidate(when)
    },
  }
}

describe('a readable', () => {
  it('gives the same reference until the value is another one', () => {
    const { both, set, scheduler } = setup()
    both.subscribe(() => {})
    const first = both.get()
    expect(both.get()).toBe(first)
    set({})
    scheduler.flush()
    expect(both.get()).toBe(first)
    set({ a: 2 })
    scheduler.flush()
    expect(both.get()).toEqual({ a: 2, b: 1 })
  })
  it('has functions that need no this', () => {
    const { a } = setup()
    const { get, subscribe } = a
    let calls = 0
    subscribe(() => calls++)()
    expect(get()).toBe(1)
    expect(calls).toBe(0)
  })
  it('is computed once per publication, however often it is read', () => {
    const test = setup()
    test.a.subscribe(() => {})
    const before = test.computed
    for (let i = 0; i < 10; i++) test.a.get()
    expect(test.computed).toBe(before)
    test.set({ a: 2 })
    test.scheduler.flush()
    for (let i = 0; i < 10; i++) test.a.get()
    expect(test.computed).toBe(before + 1)
  })
  it('is not computed when nobody reads it or listens to it', () => {
    const test = setup()
    test.b.subscribe(() => {})
    test.set({ a: 2 })
    test.scheduler.flush()
    expect(test.computed).toBe(0)
  })
  it('is up to date when nobody listens', () => {
    const { a, set, scheduler } = setup()
    expect(a.get()).toBe(1)
    set({ a: 2 })
    expect(a.get()).toBe(2)
    expect(scheduler.due).toBe(0)
  })
})

describe('a listener', () => {
  it('is called once per frame, however much has changed', () => {
    const { a, set, scheduler } = setup()
    let calls = 0
    a.subscribe(() => calls++)
    for (let i = 2; i < 50; i++) set({ a: i })
    expect(calls).toBe(0)
    expect(scheduler.due).toBe(1)
    scheduler.flush()
    expect(calls).toBe(1)
    expect(a.get()).toBe(49)
    scheduler.flush()
    expect(calls).toBe(1)
  })
  it('is called at once for what cannot wait, and not again in the frame that was due', () => {
    const { a, set, scheduler } = setup()
    let calls = 0
    a.subscribe(() => calls++)
    set({ a: 2 })
    set({ a: 3 }, 'now')
    expect(calls).toBe(1)
    expect(scheduler.due).toBe(0)
    scheduler.flush()
    expect(calls).toBe(1)
  })
  it('is not called when its value is the same', () => {
    const { a, b, set } = setup()
    let calls = 0
    a.subscribe(() => calls++)
    b.subscribe(() => {})
    set({ b: 2 }, 'now')
    expect(calls).toBe(0)
  })
  it('is not called after it unsubscribed, not even by a listener before it', () => {
    const { a, set } = setup()
    const calls: string[] = []
    let end = () => {}
    a.subscribe(() => {
      calls.push('first')
      end()
    })
    end = a.subscribe(() => calls.push('second'))
    set({ a: 2 }, 'now')
    expect(calls).toEqual(['first'])
    set({ a: 3 }, 'now')
    expect(calls).toEqual(['first', 'first'])
  })
  it('may be subscribed twice, and ends each subscription by itself', () => {
    const { a, set } = setup()
    let calls = 0
    const listener = () => calls++
    const end = a.subscribe(listener)
    a.subscribe(listener)
    set({ a: 2 }, 'now')
    expect(calls).toBe(2)
    end()
    end()
    set({ a: 3 }, 'now')
    expect(calls).toBe(3)
  })
  it('that throws keeps nobody else from being called', () => {
    const { a, b, set, thrown } = setup()
    const calls: string[] = []
    a.subscribe(() => {
      throw new Error('boom')
    })
    a.subscribe(() => calls.push('a'))
    b.subscribe(() => calls.push('b'))
    set({ a: 2, b: 2 }, 'now')
    expect(calls).toEqual(['a', 'b'])
    expect(thrown).toEqual([new Error('boom')])
  })
  it('may change the state: everybody hears of it', () => {
    const { a, b, set } = setup()
    const seen: string[] = []
    a.subscribe(() => {
      seen.push(`a ${a.get()}`)
      if (a.get() < 4) set({ a: a.get() + 1, b: a.get() }, 'now')
    })
    b.subscribe(() => seen.push(`b ${b.get()}`))
    set({ a: 2 }, 'now')
    expect(seen).toContain('a 4')
    expect(seen.at(-1)).toBe('b 3')
    expect([a.get(), b.get()]).toEqual([4, 3])
  })
})

describe('one consistent cut', () => {
  it('shows the old values of everything until the frame, then the new ones of everything', () => {
    const { a, b, both, set, scheduler } = setup()
    const seen: unknown[] = []
    const read = () => seen.push([a.get(), b.get(), both.get()])
    a.subscribe(read)
    b.subscribe(read)
    both.subscribe(read)
    set({ a: 2 })
    set({ b: 2 })
    expect([a.get(), b.get(), both.get()]).toEqual([1, 1, { a: 1, b: 1 }])
    scheduler.flush()
    expect(seen).toEqual(Array.from({ length: 3 }, () => [2, 2, { a: 2, b: 2 }]))
  })
  it('an update between reading and subscribing is not missed', () => {
    for (const isListenedTo of [false, true]) {
      const { a, b, set, scheduler } = setup()
      if (isListenedTo) b.subscribe(() => {})
      const rendered = a.get()
      set({ a: 2 })
      let calls = 0
      a.subscribe(() => calls++)
      // As useSyncExternalStore does: compare after subscribing, or hear of it with the next frame.
      const isStale = a.get() === rendered
      scheduler.flush()
      expect(isStale ? calls : 1, `listened to: ${isListenedTo}`).toBe(1)
      expect(a.get()).toBe(2)
    }
  })
  it('an update in a frame between reading and subscribing is not missed', () => {
    const { a, b, set, scheduler } = setup()
    b.subscribe(() => {})
    expect(a.get()).toBe(1)
    set({ a: 2, b: 2 })
    scheduler.flush()
    a.subscribe(() => {})
    expect(a.get()).toBe(2)
  })
})

describe('a value that cannot be computed', () => {
  it('throws to its reader, and everybody else is told', () => {
    const { publisher, a, set } = setup()
    let broken = false
    const fragile = publisher.readable(() => {
      if (broken) throw new Error('nothing there')
      return a.get()
    })
    const calls: string[] = []
    fragile.subscribe(() => calls.push('fragile'))
    a.subscribe(() => calls.push('a'))
    broken = true
    set({ a: 2 }, 'now')
    expect(calls.sort()).toEqual(['a', 'fragile'])
    expect(() => fragile.get()).toThrow('nothing there')
    broken = false
    set({ a: 3 }, 'now')
    expect(fragile.get()).toBe(3)
    expect(a.get()).toBe(3)
  })
})

describe('cancel', () => {
  it('forgets the frame that is due', () => {
    const { a, set, publisher, scheduler } = setup()
    let calls = 0
    a.subscribe(() => calls++)
    set({ a: 2 })
    publisher.cancel()
    expect(scheduler.due).toBe(0)
    expect(calls).toBe(0)
    set({ a: 3 })
    scheduler.flush()
    expect(calls).toBe(1)
  })
})

describe('with the sync scheduler', () => {
  it('shows each change at once', () => {
    const { a, set } = setup(syncScheduler as never)
    const seen: number[] = []
    a.subscribe(() => seen.push(a.get()))
    set({ a: 2 })
    set({ a: 3 })
    expect(seen).toEqual([2, 3])
  })
})
