import { content, words } from '../content/content.js'

const answer = content({ text: words(2000) })

/** Persistence on: the conversation is written as JSON when the answer is complete. None of the peers has more than a callback for that. */
export const persistence = {
  name: 'persistence',
  comparisons: () => [
    {
      title: '2,000 deltas after 200 messages, stored at the end',
      shape: 'blocks',
      content: answer,
      earlier: 200,
      isStored: true,
      limits: { peer: 0.2 },
    },
  ],
}
