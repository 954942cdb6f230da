/** The two timer functions; `globalThis` by default, a simulated one (e.g. XState's `SimulatedClock`) in tests. */
export interface Clock {
  setTimeout(fn: () => void, ms: number): unknown
  clearTimeout(id: unknown): void
}

export const systemClock: Clock = {
  setTimeout: (fn, ms) => globalThis.setTimeout(fn, ms),
  clearTimeout: (id) => globalThis.clearTimeout(id as number),
}

/** Its timers do not keep the process alive. For what looks after runs while others wait for them. */
export const backgroundClock: Clock = {
  ...systemClock,
  setTimeout(fn, ms) {
    const timer: unknown = globalThis.setTimeout(fn, ms)
    if (typeof timer === 'object' && timer !== null && 'unref' in timer) (timer as { unref(): void }).unref()
    return timer
  },
}
