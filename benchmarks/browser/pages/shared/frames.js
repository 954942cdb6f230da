/** Frames while a measurement runs, and when what changed was painted. */
export function watchFrames() {
  const waiting = []
  const frames = { number: 0 }
  let isOver = false

  function onFrame() {
    if (isOver) return
    frames.number++
    requestAnimationFrame(onFrame)
    // The first task after this frame is painted, before all that were waiting: whatever has changed until here is in it.
    void scheduler.postTask(onPainted, { priority: 'user-blocking' })
  }
  function onPainted() {
    const now = performance.now()
    for (const done of waiting.splice(0)) done(now)
  }
  requestAnimationFrame(onFrame)

  return {
    frames,
    /** The time in milliseconds at which the next frame, or the one being made, was painted. */
    painted: () => new Promise((resolve) => waiting.push(resolve)),
    end() {
      isOver = true
    },
  }
}
