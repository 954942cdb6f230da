import { collectYoung } from './heap.js'
import { startWatch } from './stopwatch.js'

/**
 * Reads one answer with each of so many clients, one after the other. Milliseconds of one: `cpu` and `wall` from the command to the
 * end, `answer` is the CPU from the request on, without the writing of the request, `made` that of making the client. Clients are
 * made before, and what they show is checked after the time was taken; each measurement begins with a collected nursery, so that
 * nobody pays for another's garbage, nor for moving what was made beforehand: that takes two collections.
 */
export async function measureAnswers(contestant, task, times) {
  let watch
  let request = { cpu: 0 }
  const onCall = () => (request = watch.read())
  const making = startWatch()
  const clients = Array.from({ length: times }, () => task.create(contestant, { onCall }))
  const made = making.read().cpu
  const sum = { cpu: 0, wall: 0, answer: 0 }
  collectYoung()
  collectYoung()
  for (const client of clients) {
    watch = startWatch()
    await contestant.send(client)
    const { cpu, wall } = watch.read()
    sum.cpu += cpu
    sum.wall += wall
    sum.answer += cpu - request.cpu
  }
  for (const client of clients) {
    task.check(contestant, client)
    contestant.dispose(client)
  }
  // What a client has asked to be told in the next task holds it until then, and there is none while reads are there already.
  await new Promise(setImmediate)
  return { cpu: sum.cpu / times, wall: sum.wall / times, answer: sum.answer / times, made: made / times }
}
