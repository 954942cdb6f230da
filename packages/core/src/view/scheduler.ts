/**
 * Decides when changed messages are shown: calls `flush` once, later or at once, and returns what cancels it.
 * What a person does, and every change of status, is shown at once and never asks a scheduler.
 */
export type Scheduler = (flush: () => void) => () => void

const NOTHING = () => {}

/** Shows each network read at once. For tests, servers and hidden pages. */
export const syncScheduler: Scheduler = (flush) => {
  flush()
  return NOTHING
}

/** At most once per animation frame; at once where there are none, or where the page is hidden and gets none. */
export const frameScheduler: Scheduler = (flush) => {
  if (typeof requestAnimationFrame === 'undefined' || globalThis.document?.hidden) return syncScheduler(flush)
  const show = () => {
    cancel()
    flush()
  }
  const frame = requestAnimationFrame(show)
  // A page that is hidden now gets no frame until it is shown again.
  globalThis.document?.addEventListener('visibilitychange', show)
  const cancel = () => {
    cancelAnimationFrame(frame)
    globalThis.document?.removeEventListener('visibilitychange', show)
  }
  return cancel
}
