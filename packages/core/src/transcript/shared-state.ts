/** What agent and application both read and write (AG-UI: state). */
export interface SharedState {
  /** Undefined until somebody has said something; null is a value. */
  get(): unknown
  set(state: unknown): void
}

export function createSharedState(initial: unknown): SharedState {
  let state = initial
  return {
    get: () => state,
    set(next) {
      state = next
    },
  }
}
