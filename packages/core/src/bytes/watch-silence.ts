import type { Timers } from './timers.ts'

export interface SilenceOptions {
  timers: Timers
  /** How long the other side may be silent before it is asked, in milliseconds; 0 is for ever. */
  afterMs: number
  /** How long it has to answer. */
  graceMs: number
  /** Asks whether it is there. */
  ask: () => void
  /** It is not. */
  onDead: () => void
}

export interface SilenceWatch {
  /** Something came. Costs nothing: no timer is touched. */
  heard(): void
  stop(): void
}

/** Notices a connection that is dead without having been closed. */
export function watchSilence({ timers, afterMs, graceMs, ask, onDead }: SilenceOptions): SilenceWatch {
  let hasHeard = false
  let timer: unknown
  const wait = (ms: number, then: () => void) => {
    hasHeard = false
    timer = timers.setTimeout(() => (hasHeard ? listen() : then()), ms)
  }
  const listen = () =>
    wait(afterMs, () => {
      wait(graceMs, onDead)
      ask()
    })

  if (afterMs > 0) listen()
  return {
    heard() {
      hasHeard = true
    },
    stop() {
      if (timer !== undefined) timers.clearTimeout(timer)
      timer = undefined
    },
  }
}
