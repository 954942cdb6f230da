import { persist } from '@statechat/core/persist'
import { statechatOf } from '../contestants/statechat.js'
import { content, words } from '../content/content.js'

const answer = content({ text: words(2000) })

/** Writes at the question, at most once in a second while it is answered, and at the end. */
const keeping = {
  ...statechatOf({
    name: 'statechat with `persist()`',
    options() {
      const stored = new Map()
      const storage = { getItem: (key) => stored.get(key), setItem: (key, text) => stored.set(key, text), removeItem: (key) => stored.delete(key) }
      return { threadId: 'thread', persist: persist({ storage }) }
    },
  }),
  stored: true,
}

/** Persistence on: the conversation is written as JSON, when the answer is complete for those who have nothing of their own. */
export const persistence = {
  name: 'persistence',
  comparisons: () => [
    {
      title: '2,000 deltas after 200 messages, stored at the end',
      shape: 'blocks',
      content: answer,
      earlier: 200,
      isStored: true,
      contestants: [keeping],
      limits: { peer: 0.2 },
    },
  ],
}
