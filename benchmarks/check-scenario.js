import { OURS } from './contestants/contestants.js'
import { statechat } from './contestants/statechat.js'
import { createTask } from './content/task.js'
import { exponent } from './measure/growth.js'
import { growHeld } from './measure/held-memory.js'
import { measureAnswers } from './measure/measure-answers.js'
import { heapPerChat, measureMany } from './measure/measure-many.js'
import { measureStored } from './measure/measure-stored.js'
import { measureWork } from './measure/measure-work.js'
import { judge } from './report/limits.js'
import { progress } from './report/progress.js'

/** Other versions of Node lay objects out in other ways. */
const HEAP_ALLOWANCE = 1.25
/** What is copied once for each read may take memory where it takes no time to speak of. */
const BYTES_ALLOWANCE = 0.25

/**
 * What CI holds of a scenario; gives verdicts. Nothing that a clock says, as machines are busy: ours show what was sent (it throws if they do not), the
 * steps and the memory that an answer takes grow no faster than its time may, and the heap of a chat is within its limits.
 */
export async function checkScenario({ comparisons, growths, holdings, heaps }, options, meter) {
  const verdicts = []
  for (const each of comparisons?.(options) ?? []) await checkAnswers(each)
  for (const each of growths?.(options) ?? []) verdicts.push(...(await checkGrowth(each, meter)))
  for (const each of holdings?.(options) ?? []) verdicts.push(await checkHolding(each))
  for (const each of heaps?.(options) ?? []) verdicts.push(...(await checkHeap(each)))
  return verdicts
}

async function checkAnswers({ title, chats, isStored, contestants = [], ...what }) {
  const task = createTask(what)
  const measure = chats ? measureMany(chats) : isStored ? measureStored : measureAnswers
  for (const contestant of [...OURS, ...contestants]) {
    await measure(contestant, task, 1)
    progress(`${title}, ${what.shape} · ${contestant.name} shows it`)
  }
}

async function checkGrowth({ title, contestant = statechat, sizes, taskOf, measure = 'cpu', limit }, meter) {
  const work = []
  for (const size of sizes) {
    work.push(await measureWork(meter, contestant, createTask(taskOf(size)), measure))
    progress(`${title} · ${size}: ${work.at(-1).steps} steps, ${Math.round(work.at(-1).bytes / 1000)} kB`)
  }
  const power = (unit) =>
    exponent(
      sizes,
      work.map((each) => each[unit]),
    )
  return [
    judge({ kind: 'growth', what: `${title}, counted in steps`, measured: power('steps'), limit }),
    judge({ kind: 'growth', what: `${title}, counted in memory`, measured: power('bytes'), limit: limit + BYTES_ALLOWANCE }),
  ]
}

async function checkHolding({ contestant = statechat, taskOf, limit, ...what }) {
  const growth = await growHeld({ ...what, contestant, taskOf: (size) => createTask(taskOf(size)) })
  return judge({ kind: 'growth', what: `${growth.title}: power`, measured: growth.exponent, limit })
}

async function checkHeap({ title, chats, limits, ...what }) {
  const heap = await heapPerChat(statechat, createTask(what), chats)
  return Object.entries(limits).map(([when, limit]) =>
    judge({ kind: 'heap', what: `${title}, ${when}`, measured: heap[when], limit: limit * HEAP_ALLOWANCE }),
  )
}
