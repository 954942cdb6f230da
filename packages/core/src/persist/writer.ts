import type { Timers } from '../bytes/timers.ts'

/** Writes when something has changed: at once, then at most once per interval; never two writes at a time, and the newest state last. */
export interface Writer {
  changed(): void
  /** Writes what is not written yet, now or when the write in flight has ended, whatever the interval. */
  flush(): void
  /** Flushes, and sets no timer any more until the next {@link open}. */
  close(): void
  open(): void
}

/** How a write ended; `same`: there was nothing new to write. */
export type Written = 'done' | 'same' | 'failed'

export interface WriterOptions {
  /** Never throws. */
  write(): Written | Promise<Written>
  timers: Timers
  throttleMs: number
}

export function createWriter({ write, timers, throttleMs }: WriterOptions): Writer {
  let isChanged = false
  let last: Written = 'same'
  let isWriting = false
  let isOpen = false
  let pause: unknown = null

  function next() {
    if (!isChanged || isWriting || pause !== null) return
    isChanged = false
    if (isOpen) pause = timers.setTimeout(endPause, throttleMs)
    const result = write()
    if (typeof result === 'string') return end(result)
    isWriting = true
    void result.then((written) => {
      isWriting = false
      end(written)
      next()
    })
  }
  function end(written: Written) {
    // The first interval begins with the first write, so that the first question is stored at once.
    if (written === 'same' && last === 'same') clearPause()
    else last = written === 'same' ? 'done' : written
  }
  function endPause() {
    pause = null
    next()
  }
  function clearPause() {
    if (pause !== null) timers.clearTimeout(pause)
    pause = null
  }
  function flush() {
    isChanged ||= last === 'failed'
    if (!isChanged) return
    clearPause()
    next()
  }

  return {
    changed() {
      isChanged = true
      next()
    },
    flush,
    open() {
      isOpen = true
    },
    close() {
      isOpen = false
      flush()
      clearPause()
    },
  }
}
