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

/** How long streamed text may give way to other work, in ms. */
const PATIENCE = 250

/**
 * At most once per animation frame, and when the page has nothing more urgent to do: a transition that takes longer than
 * a frame to render would else begin anew with every piece of text, and never end. Where there are no frames, or where the
 * page is hidden and gets none: at once.
 */
export const frameScheduler: Scheduler = (flush) => {
  if (typeof requestAnimationFrame === 'undefined' || globalThis.document?.hidden) return syncScheduler(flush)
  let idle: number | undefined
  const show = () => {
    cancel()
    flush()
  }
  const frame = requestAnimationFrame(() => {
    if (typeof requestIdleCallback === 'undefined') show()
    else idle = requestIdleCallback(show, { timeout: PATIENCE })
  })
  // A page that is hidden now gets no frame until it is shown again.
  globalThis.document?.addEventListener('visibilitychange', show)
  const cancel = () => {
    cancelAnimationFrame(frame)
    if (idle !== undefined) cancelIdleCallback(idle)
    globalThis.document?.removeEventListener('visibilitychange', show)
  }
  return cancel
}
