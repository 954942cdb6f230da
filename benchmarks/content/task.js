import { expected, history } from './content.js'
import { fetchOf, readsOf, SHAPES } from './reads.js'

/**
 * One answer to read: what it says, in which reads, after how many earlier messages. `held` events at its end never come.
 * The bytes are made once for each protocol and are the same for all who read it.
 */
export function createTask({ content, shape, earlier = 0, held = 0 }) {
  const earlierMessages = history(earlier)
  const wanted = JSON.stringify(expected(content))
  const reads = new Map()
  const readsIn = (protocol) => {
    if (!reads.has(protocol)) reads.set(protocol, readsOf(content, { protocol, shape, held }))
    return reads.get(protocol)
  }
  return {
    content,
    create(contestant, { onCall, onDry } = {}) {
      const fetch = fetchOf(readsIn(contestant.protocol), { isPaced: SHAPES[shape].isPaced, isHeld: held > 0, onCall, onDry })
      return contestant.create({ fetch, history: earlierMessages })
    },
    /** Throws if a client does not show what was sent. */
    check(contestant, client) {
      const seen = JSON.stringify(contestant.read(client))
      if (seen !== wanted) throw new Error(`${contestant.name} shows ${seen.length} characters of ${wanted.length}: ${seen.slice(0, 200)} …`)
    },
  }
}
