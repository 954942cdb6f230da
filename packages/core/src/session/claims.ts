import type { Locks } from './options.ts'

export interface Claims {
  /** True the first time for a key, unless another tab has it. */
  take(key: string): Promise<boolean>
  /** Gives back the locks; what was taken stays taken here. */
  release(): void
}

/** Each key is taken once: here by a set, between tabs by a Web Lock that is held as long as the chat lives. */
export function createClaims(prefix: string, locks: Locks | undefined): Claims {
  const taken = new Set<string>()
  const held = new Set<() => void>()

  function lock(key: string): Promise<boolean> {
    if (!locks) return Promise.resolve(true)
    return new Promise((resolve) => {
      const answer = locks.request(prefix + key, { ifAvailable: true }, (lock) => {
        resolve(lock !== null)
        return lock === null ? Promise.resolve() : new Promise<void>((release) => held.add(release))
      })
      // A page that may use no locks (an opaque origin) is on its own.
      answer.catch(() => resolve(true))
    })
  }

  return {
    take(key) {
      if (taken.has(key)) return Promise.resolve(false)
      taken.add(key)
      return lock(key)
    },
    release() {
      for (const each of held) each()
      held.clear()
    },
  }
}
