import { content, words } from '../content/content.js'

/** One answer of many deltas. `tasks` is what no client can make cheaper by gathering reads: no limit, for comparison. */
export const longAnswer = {
  name: 'long-answer',
  comparisons: ({ isQuick }) => {
    const title = 'A long answer, 20,000 deltas'
    const long = content({ text: words(20_000) })
    return [
      { title, shape: 'blocks', content: long, limits: { floor: 1.5, peer: 0.2 } },
      { title, shape: 'events', content: long, limits: { floor: 2, peer: 0.2 } },
      { title, shape: 'tasks', content: long, ...(isQuick && { who: 'ours' }) },
    ]
  },
  growths: () => [
    {
      title: 'Time in the number of deltas',
      sizes: [5000, 10_000, 20_000, 40_000],
      taskOf: (deltas) => ({ content: content({ text: words(deltas) }), shape: 'blocks' }),
      limit: 1.05,
    },
  ],
}
