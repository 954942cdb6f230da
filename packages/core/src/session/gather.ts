import { nextTask } from './next-task.ts'

export interface Gatherer<T> {
  add(items: readonly T[]): void
  /** Delivers what is waiting. */
  flush(): void
}

/**
 * Delivers at once, then gathers until the task is over: reads that come one by one over the network are delivered one by
 * one, those that were buffered already in one go. Nothing is delivered once `isOver`.
 */
export function gather<T>(deliver: (items: readonly T[]) => void, isOver: () => boolean): Gatherer<T> {
  let waiting: T[] = []
  let isGathering = false

  function flush() {
    if (waiting.length === 0 || isOver()) return
    const items = waiting
    waiting = []
    deliver(items)
  }
  function endOfTask() {
    isGathering = false
    flush()
  }

  return {
    add(items) {
      if (isGathering) {
        for (const item of items) waiting.push(item)
        return
      }
      isGathering = true
      nextTask(endOfTask)
      deliver(items)
    },
    flush,
  }
}
