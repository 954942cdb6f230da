import { asked } from './asked.js'

const READ = 16 * 1024
const TICK_MS = 2
const encoder = new TextEncoder()
const encode = (event) => encoder.encode(`data: ${JSON.stringify(event)}\n\n`)

/** Makes the body of an answer, encoded beforehand: encoding is the server's work, and not to be measured. */
export function bodyOf({ before, deltas, after }, shape) {
  if (shape === 'paced') return paced(before.map(encode), deltas.map(encode), after.map(encode))
  const events = [...before, ...deltas, ...after].map(encode)
  return buffered(shape === 'blocks' ? inBlocks(events) : events)
}

/** Everything is there before the first read. */
const buffered = (reads) =>
  new ReadableStream({
    start(controller) {
      for (const read of reads) controller.enqueue(read)
      controller.close()
    },
  })

function inBlocks(events) {
  const all = new Uint8Array(events.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const event of events) {
    all.set(event, at)
    at += event.length
  }
  return Array.from({ length: Math.ceil(all.length / READ) }, (_, i) => all.slice(i * READ, (i + 1) * READ))
}

/** As many deltas as are due by the clock, each a read, whenever the page gets to it. The clock begins with the first read. */
function paced(before, deltas, after) {
  let started = 0
  let next = 0
  return new ReadableStream(
    {
      async pull(controller) {
        if (started === 0) {
          started = performance.now()
          for (const event of before) controller.enqueue(event)
        }
        const due = () => Math.min(deltas.length, ((performance.now() - started) * asked.perSecond) / 1000)
        while (next + 1 > due() && next < deltas.length) await soon()
        while (next < due()) controller.enqueue(deltas[next++])
        if (next < deltas.length) return
        for (const event of after) controller.enqueue(event)
        controller.close()
      },
    },
    { highWaterMark: 0 },
  )
}

/** In two milliseconds. Through a message, because timers that are set by timers wait for four. */
const soon = () =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => resolve()
    setTimeout(() => port2.postMessage(null), TICK_MS)
  })
