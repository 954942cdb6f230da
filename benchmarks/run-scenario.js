import { FLOORS, OURS, PEERS } from './contestants/contestants.js'
import { statechat, statechatShown } from './contestants/statechat.js'
import { SHAPES } from './content/reads.js'
import { createTask } from './content/task.js'
import { compare } from './measure/compare.js'
import { grow } from './measure/growth.js'
import { growHeld } from './measure/held-memory.js'
import { heapPerChat, measureMany } from './measure/measure-many.js'
import { measureStored } from './measure/measure-stored.js'
import { judge, judgeComparison } from './report/limits.js'
import { progress } from './report/progress.js'

/** Measures all that a scenario asks for. */
export async function runScenario({ comparisons, growths, holdings, heaps }, options) {
  const results = { comparisons: [], growths: [], heaps: [], verdicts: [] }
  for (const each of comparisons?.(options) ?? []) await runComparison(each, options, results)
  for (const each of growths?.(options) ?? []) await runGrowth(each, options, results)
  for (const each of holdings?.(options) ?? []) await runHolding(each, results)
  for (const each of heaps?.(options) ?? []) await runHeap(each, options, results)
  return results
}

async function runComparison({ title, who, chats, isStored, limits, judged, contestants = [], ...what }, options, results) {
  const { rounds, patience } = options
  const shape = SHAPES[what.shape].title
  const entries = await compare({
    title: `${title}, ${shape}`,
    task: createTask(what),
    contestants: [...FLOORS, ...chosen([...OURS, ...contestants, ...(who === 'ours' ? [] : PEERS)], options)],
    rounds,
    patience,
    ...(chats && { measure: measureMany(chats) }),
    ...(isStored && { measure: measureStored }),
  })
  const comparison = {
    title,
    shape,
    limits,
    judged,
    entries: entries.map((entry) => ({ ...entry, isPeer: PEERS.some(({ name }) => name === entry.name) })),
  }
  results.comparisons.push(comparison)
  results.verdicts.push(...judgeComparison(comparison))
}

async function runGrowth({ contestant = statechat, taskOf, limit, ...what }, { rounds, isQuick }, results) {
  const growth = await grow({ ...what, contestant, taskOf: (size) => createTask(taskOf(size)), rounds: Math.min(rounds, isQuick ? 3 : 7) })
  keepGrowth(growth, limit, results)
}

async function runHolding({ contestant = statechat, taskOf, limit, ...what }, results) {
  const growth = await growHeld({ ...what, contestant, taskOf: (size) => createTask(taskOf(size)) })
  keepGrowth(growth, limit, results)
}

function keepGrowth(growth, limit, results) {
  results.growths.push(growth)
  results.verdicts.push(judge({ kind: 'growth', what: `${growth.title}: power`, measured: growth.exponent, limit }))
}

async function runHeap({ title, chats, limits, ...what }, options, results) {
  for (const contestant of chosen([statechat, statechatShown, ...PEERS], options)) {
    const heap = await heapPerChat(contestant, createTask(what), chats)
    progress(`${title} · ${heap.name} · ${heap.created}, ${heap.answered}, ${heap.disposed} bytes`)
    results.heaps.push(heap)
    if (contestant !== statechat) continue
    for (const [when, limit] of Object.entries(limits)) {
      results.verdicts.push(judge({ kind: 'heap', what: `${title}, ${when}`, measured: heap[when], limit }))
    }
  }
}

const chosen = (contestants, { only }) => contestants.filter(({ name }) => !only || only.includes(name))
