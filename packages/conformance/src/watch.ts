import { settled } from '@statechat/core/testing'
import { onTestFinished, vi } from 'vitest'

/** Everything that is due in timers by now has run: a chat that was let go is disposed of, a thrown error is reported. */
export async function timers(): Promise<void> {
  for (let i = 0; i < 3; i++) await new Promise((resolve) => setTimeout(resolve))
}

/** Whether a promise has settled by now. */
export async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let isDone = false
  void promise.then(
    () => (isDone = true),
    () => (isDone = true),
  )
  await settled()
  return isDone
}

/** Runs `act` and returns the errors that nobody caught in the meantime, as the page's own error hook would see them. */
export async function uncaught(act: () => Promise<void>): Promise<Error[]> {
  const errors: Error[] = []
  const others = process.listeners('uncaughtException')
  process.removeAllListeners('uncaughtException')
  process.on('uncaughtException', (error) => errors.push(error))
  try {
    await act()
    await timers()
  } finally {
    process.removeAllListeners('uncaughtException')
    for (const other of others) process.on('uncaughtException', other)
  }
  return errors
}

/** Records every mutation below `root`; `take` returns those since the last call. Records are counted, as an observer is called once for many. */
export function mutations(root: Node): { take(): MutationRecord[] } {
  let seen: MutationRecord[] = []
  const observer = new MutationObserver((records) => seen.push(...records))
  observer.observe(root, { subtree: true, childList: true, characterData: true, attributes: true })
  onTestFinished(() => observer.disconnect())
  return {
    take() {
      const taken = [...seen, ...observer.takeRecords()]
      seen = []
      return taken
    },
  }
}

/** Runs `act` in a page that is hidden: no timer fires and no frame is made. */
export async function hidden(act: () => Promise<void>): Promise<void> {
  Object.defineProperty(document, 'hidden', { value: true, configurable: true })
  vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'requestAnimationFrame', 'requestIdleCallback'] })
  try {
    await act()
  } finally {
    vi.useRealTimers()
    Reflect.deleteProperty(document, 'hidden')
  }
}
