import { published } from './observe-turn.js'

/** Tells of every snapshot of a statechat that has more text and the same status; a change of status is shown at once. */
export function watchSnapshots(chat) {
  let last = chat.getSnapshot()
  return chat.subscribe(() => {
    const now = chat.getSnapshot()
    if (now.messages !== last.messages && now.status === last.status && now.phase === last.phase) published()
    last = now
  })
}
