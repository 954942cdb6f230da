export interface Frame {
  /** Renders in the next animation frame, once, however often it is asked for. */
  request(): void
  cancel(): void
}

/** A hidden page gets no frames, and so renders nothing. */
export function createFrame(render: () => void): Frame {
  let due: number | undefined
  return {
    request() {
      due ??= requestAnimationFrame(() => {
        due = undefined
        render()
      })
    },
    cancel() {
      if (due !== undefined) cancelAnimationFrame(due)
      due = undefined
    },
  }
}
