import type { Chunk } from '../chunk.ts'
import type { Order } from '../order.ts'

/** The model calls of one stream. */
export interface Steps {
  start(out: Chunk[]): void
  finish(out: Chunk[]): void
  /** What was said in this step counts for nothing, nor do these calls; it begins again. */
  reset(toolCallIds: string[], out: Chunk[]): void
  closeAll(out: Chunk[]): void
  /** Id of the step, which is that of its assistant wire message; `undefined` before the first. */
  current(): string | undefined
  /** A wire id for a text (the first one of a step has the step's own) or for a thought, with what tells its step. */
  textId(): { messageId: string; step: string | undefined }
  thoughtId(): { messageId: string; step: string }
  /** The assistant wire message of a call. */
  callParent(): { parentMessageId: string; step: string | undefined }
}

export function createSteps(runId: string, order: Order): Steps {
  /** Before the first step: texts of a server that has none. */
  const outside = `${runId}-0`
  let steps = 0
  let current: string | undefined
  let hasText = false
  let parts = 0
  const open: string[] = []

  const begin = (out: Chunk[]): void => {
    steps += 1
    current = `${runId}-${steps}`
    hasText = false
    parts = 0
    open.push(current)
    order.accept({ type: 'STEP_STARTED', stepName: current }, out)
  }
  const finish = (out: Chunk[]): void => {
    const stepName = open.pop()
    if (stepName !== undefined) order.accept({ type: 'STEP_FINISHED', stepName }, out)
  }
  const nextId = () => `${current ?? outside}-${++parts}`

  return {
    start: begin,
    finish,
    reset(toolCallIds, out) {
      if (current !== undefined) order.accept({ type: 'CUSTOM', name: 'step-reset', value: { step: current, toolCallIds } }, out)
      finish(out)
      begin(out)
    },
    closeAll(out) {
      while (open.length > 0) finish(out)
    },
    current: () => current,
    textId() {
      if (current === undefined || hasText) return { messageId: nextId(), step: current ?? '' }
      hasText = true
      return { messageId: current, step: undefined }
    },
    thoughtId: () => ({ messageId: nextId(), step: current ?? '' }),
    callParent: () => ({ parentMessageId: current ?? outside, step: current === undefined ? '' : undefined }),
  }
}
