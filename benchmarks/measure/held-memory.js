import { progress } from '../report/progress.js'
import { exponent } from './growth.js'
import { heapUsed } from './heap.js'

/** Milliseconds in which the last read is surely applied. */
const SETTLED = 20

/**
 * How the memory of one unfinished tool call grows with the length of its arguments. As many chats at once as make the greatest
 * length, so that each figure is of as many characters. Bytes of one.
 */
export async function growHeld({ title, contestant, sizes, taskOf }) {
  const bytes = []
  for (const size of sizes) {
    bytes.push(await bytesHeld(contestant, taskOf(size), Math.round(sizes.at(-1) / size)))
    progress(`${title} · ${size}: ${Math.round(bytes.at(-1))} bytes`)
  }
  return { title, sizes, bytes, exponent: exponent(sizes, bytes) }
}

async function bytesHeld(contestant, task, times) {
  const { length } = task.content.calls[0].deltas.join('')
  const drained = []
  const clients = Array.from({ length: times }, () => {
    let onDry
    drained.push(new Promise((resolve) => (onDry = resolve)))
    return task.create(contestant, { onDry })
  })
  const before = heapUsed()
  const turns = clients.map((client) => contestant.send(client).catch(ignoreStop))
  await Promise.all(drained)
  await new Promise((resolve) => setTimeout(resolve, SETTLED))
  const bytes = (heapUsed() - before) / times
  if (clients.some(({ seen }) => seen.at(-1).parts[0].arguments.length !== length)) throw new Error('The arguments are not what was sent.')
  for (const client of clients) contestant.dispose(client)
  await Promise.all(turns)
  return bytes
}

/** The turn was stopped, as it never ends by itself. */
const ignoreStop = () => {}
