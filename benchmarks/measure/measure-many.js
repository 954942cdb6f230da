import { collectYoung, heapUsed } from './heap.js'
import { startWatch } from './stopwatch.js'

/** A measure of {@link measureAnswers}' form: so many chats made, answered at once and disposed of, all of it counted. */
export const measureMany = (count) => async (contestant, task) => {
  collectYoung()
  const watch = startWatch()
  const clients = Array.from({ length: count }, () => task.create(contestant))
  await Promise.all(clients.map((client) => contestant.send(client)))
  const { cpu, wall } = watch.read()
  for (const client of clients) task.check(contestant, client)
  const end = startWatch()
  for (const client of clients) contestant.dispose(client)
  return { cpu: cpu + end.read().cpu, wall: wall + end.read().wall }
}

/**
 * Bytes of heap per chat: `created`, `answered` (the answer is part of it), and `disposed` of and let go: what stays behind.
 * The client that the benchmark keeps of each is part of the figures.
 */
export async function heapPerChat(contestant, task, count) {
  const settle = async () => {
    await new Promise((resolve) => setTimeout(resolve, 20))
    return heapUsed()
  }
  let clients = await answered(contestant, task, 50)
  clients.length = 0
  const empty = await settle()
  clients = Array.from({ length: count }, () => task.create(contestant))
  const created = await settle()
  await Promise.all(clients.map((client) => contestant.send(client)))
  const full = await settle()
  for (const client of clients) contestant.dispose(client)
  clients = []
  const left = await settle()
  const each = (bytes) => Math.round((bytes - empty) / count)
  return { name: contestant.name, created: each(created), answered: each(full), disposed: each(left) }
}

/** Compiles what the first chats compile. */
async function answered(contestant, task, count) {
  const clients = Array.from({ length: count }, () => task.create(contestant))
  await Promise.all(clients.map((client) => contestant.send(client)))
  for (const client of clients) contestant.dispose(client)
  return clients
}
