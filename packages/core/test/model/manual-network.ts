import type { NetworkEvent } from '../../src/session/events.ts'
import type { Network } from '../../src/session/options.ts'

/** A network that comes and goes when a test says so. */
export interface ManualNetwork extends Network {
  /** How many watch it. */
  readonly watchers: number
  tell(type: NetworkEvent['type']): void
}

export function manualNetwork(): ManualNetwork {
  const watchers = new Set<(event: NetworkEvent) => void>()
  let isOnline = true
  return {
    get watchers() {
      return watchers.size
    },
    tell(type) {
      if (type !== 'page.visible') isOnline = type === 'network.online'
      for (const watcher of [...watchers]) watcher({ type })
    },
    watch(onChange) {
      const watcher = (event: NetworkEvent) => onChange(event)
      watchers.add(watcher)
      if (!isOnline) onChange({ type: 'network.offline' })
      return () => void watchers.delete(watcher)
    },
  }
}
