import { content, words } from '../content/content.js'

const answer = content({ text: words(20) })

/** Many chats alive at once, each with a short answer: made, answered and disposed of. Bytes are heap per chat. */
export const manyChats = {
  name: 'many-chats',
  comparisons: () => [{ title: '1,000 chats at once, 20 deltas each', shape: 'blocks', content: answer, chats: 1000, limits: { peer: 0.6 } }],
  heaps: () => [
    { title: 'Heap of a chat', shape: 'blocks', content: answer, chats: 1000, limits: { created: 4000, answered: 9000, disposed: 1000 } },
  ],
}
