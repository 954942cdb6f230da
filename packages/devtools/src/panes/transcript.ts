import { messageOf } from '../text/message-of.ts'
import { el } from '../widgets/el.ts'
import { createJsonTree } from '../widgets/json-tree.ts'
import type { Moment } from '../recording/moment.ts'
import type { Pane } from './pane.ts'

/** The conversation as data, at the moment that is shown. */
export function createTranscript(): Pane {
  const tree = createJsonTree('Transcript')
  let shown: Moment | undefined
  return {
    element: el('div', { class: 'transcript' }, tree.element),
    render({ entry }) {
      const moment = entry?.moment
      if (!moment || moment === shown) return
      shown = moment
      const { path, runId, error, queue, usage, state } = moment
      tree.update({
        messages: moment.messages(),
        status: path,
        runId: runId ?? undefined,
        error: error ? { code: error.code, message: messageOf(error), retryable: error.retryable } : undefined,
        queue: queue.length > 0 ? queue : undefined,
        usage: usage.length > 0 ? usage : undefined,
        state,
      })
    },
  }
}
