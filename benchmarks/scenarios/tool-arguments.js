import { fileArguments } from '../content/arguments.js'
import { callWith, content } from '../content/content.js'

/** One call whose arguments are long. Peers read the whole text again at each delta: the quick run gives them less to read. */
export const toolArguments = {
  name: 'tool-arguments',
  comparisons: ({ isQuick }) => {
    const [small, large] = [20_000, 200_000].map((bytes) => content({ calls: callWith(fileArguments(bytes)) }))
    const at = (title, size, more) => ['blocks', 'events'].map((shape) => ({ title, shape, content: size, ...more }))
    if (!isQuick) return at('Tool arguments of 200 KB', large, { limits: { floor: 2.5, peer: 0.2 } })
    return [
      ...at('Tool arguments of 200 KB', large, { who: 'ours', limits: { floor: 2.5 } }),
      ...at('Tool arguments of 20 KB, as peers take half a minute and more for 200', small, { limits: { peer: 0.2 } }),
    ]
  },
  growths: () => [
    {
      title: 'Time in the length of tool arguments',
      sizes: [50_000, 200_000, 1_000_000],
      taskOf: (bytes) => ({ content: content({ calls: callWith(fileArguments(bytes)) }), shape: 'blocks' }),
      limit: 1.05,
    },
  ],
}
