/** The two timer functions; `globalThis` by default, a simulated one (e.g. XState's `SimulatedClock`) in tests. */
export interface Timers {
  setTimeout(fn: () => void, ms: number): unknown
  clearTimeout(id: unknown): void
}

export const systemTimers: Timers = {
  setTimeout(fn, ms) {
    const timer: unknown = globalThis.setTimeout(fn, ms)
    // In Node a timer keeps the process alive, which is none of a chat's business.
    if (typeof timer === 'object' && timer !== null && 'unref' in timer) (timer as { unref(): void }).unref()
    return timer
  },
  clearTimeout: (id) => globalThis.clearTimeout(id as number),
}
