import type { Locks } from '@statechat/core'

/** The Web Locks of a browser, which all of its tabs share. */
export interface ManualLocks extends Locks {
  /** Names of the locks that somebody has. */
  readonly held: readonly string[]
}

export function manualLocks(): ManualLocks {
  const held: string[] = []
  return {
    held,
    async request(name, _options, hold) {
      await Promise.resolve()
      if (held.includes(name)) return hold(null)
      held.push(name)
      await hold({ name })
      held.splice(held.indexOf(name), 1)
    },
  }
}
