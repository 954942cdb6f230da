import { content, words } from '../content/content.js'

const answer = content({ text: words(2000) })

/** An answer after many messages. All of them go out with the request, also in the floor. */
export const longHistory = {
  name: 'long-history',
  comparisons: () => {
    const title = '2,000 deltas after 2,000 messages'
    return [
      { title, shape: 'blocks', content: answer, earlier: 2000, limits: { floor: 2, peer: 0.2 } },
      { title, shape: 'events', content: answer, earlier: 2000, limits: { floor: 2, peer: 0.2 } },
    ]
  },
  growths: () => [
    {
      title: 'Time of an answer in the number of earlier messages',
      sizes: [100, 1000, 10_000],
      taskOf: (earlier) => ({ content: answer, shape: 'blocks', earlier }),
      measure: 'answer',
      limit: 0.05,
    },
    {
      title: 'Time of making a chat in the number of its messages',
      sizes: [100, 1000, 10_000],
      taskOf: (earlier) => ({ content: answer, shape: 'blocks', earlier }),
      measure: 'made',
      limit: 1.15,
    },
  ],
}
