import { stream, type Connection, type UIMessage } from '@statechat/react'

const CHUNKS_PER_SECOND = 500

/** What was made so far; the test reads it. */
export const made = { chunks: 0 }

/** An answer without end: as many chunks as are due by the clock, one by one, each time the page gets to it. */
export const endless: Connection = stream(async function* (_messages, _data, signal) {
  const started = performance.now()
  for (let count = 0; !signal.aborted; await soon()) {
    for (const due = ((performance.now() - started) * CHUNKS_PER_SECOND) / 1000; count < due; count++) {
      made.chunks++
      yield { type: 'TEXT_MESSAGE_CONTENT', messageId: 'answer', delta: count % 12 === 11 ? `word${count}.\n` : `word${count} ` }
    }
  }
})

/** In about two milliseconds. From a message, because timers that are set by timers wait for four. */
const soon = () =>
  new Promise<void>((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => resolve()
    setTimeout(() => port2.postMessage(null), 2)
  })

export const earlierMessages = (count: number): UIMessage[] =>
  Array.from({ length: count }, (_, i) => ({
    id: `earlier-${i}`,
    role: i % 2 === 0 ? 'user' : 'assistant',
    parts: [{ type: 'text', content: `Message ${i}: ${'some words that were said before '.repeat(4)}` }],
  }))
