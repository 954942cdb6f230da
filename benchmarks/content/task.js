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
  /** One for all clients, as in a page. */
  const shared = new Map()
  const readsIn = (protocol) => {
    if (!reads.has(protocol)) reads.set(protocol, readsOf(content, { protocol, shape, held }))
    return reads.get(protocol)
  }
  const fetchIn = (protocol, hooks) => fetchOf(readsIn(protocol), { isPaced: SHAPES[shape].isPaced, isHeld: held > 0, ...hooks })
  const sharedFetch = (protocol) => {
    if (!shared.has(protocol)) shared.set(protocol, fetchIn(protocol))
    return shared.get(protocol)
  }
  return {
    content,
    /** With `hooks` the client has a `fetch` of its own that they hear of. */
    create(contestant, hooks) {
      const fetch = hooks ? fetchIn(contestant.protocol, hooks) : sharedFetch(contestant.protocol)
      return contestant.create({ fetch, history: earlierMessages })
    },
    /** Throws if a client does not show what was sent. */
    check(contestant, client) {
      const seen = JSON.stringify(contestant.read(client))
      if (seen !== wanted) throw new Error(`${contestant.name} shows ${seen.length} characters of ${wanted.length}: ${seen.slice(0, 200)} …`)
    },
  }
}
