import { content, searches, words } from '../content/content.js'

/** Reasoning, text, and 80 calls that the server answers, in one run. */
export const toolCalls = {
  name: 'tool-calls',
  comparisons: () => {
    const title = 'Reasoning, text and 80 tool calls'
    const busy = content({ reasoning: words(300), text: words(300), calls: searches(80) })
    return [
      { title, shape: 'blocks', content: busy, limits: { floor: 2.5, peer: 0.2 } },
      { title, shape: 'events', content: busy, limits: { peer: 0.2 } },
    ]
  },
}
