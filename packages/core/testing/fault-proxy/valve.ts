/** Lets through, or holds until it is opened. */
export interface Valve {
  shut(): void
  open(): void
  /** Resolves once it is open, or `signal` aborts. */
  passable(signal: AbortSignal): Promise<void>
}

export function valve(isOpenAtFirst: boolean): Valve {
  let isOpen = isOpenAtFirst
  const held = new Set<() => void>()

  return {
    shut: () => void (isOpen = false),
    open() {
      isOpen = true
      for (const pass of held) pass()
    },
    async passable(signal) {
      if (isOpen || signal.aborted) return
      await new Promise<void>((resolve) => {
        function pass() {
          held.delete(pass)
          signal.removeEventListener('abort', pass)
          resolve()
        }
        held.add(pass)
        signal.addEventListener('abort', pass)
      })
    },
  }
}
