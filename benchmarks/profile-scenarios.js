import { statechat } from './contestants/statechat.js'
import { SHAPES } from './content/reads.js'
import { createTask } from './content/task.js'
import { allocationProfile, heapProfile } from './measure/heap-profile.js'
import { cpuProfile } from './measure/cpu-profile.js'
import { functionTable, ownerTable } from './report/profile-tables.js'
import { progress } from './report/progress.js'

/** Answers of one look at it. */
const AT_ONCE = 40

/**
 * Where statechat spends its time in each comparison of the scenarios, from the command to the end, who allocates the memory that an answer takes,
 * and what the heap of each of its chats consists of, as Markdown.
 */
export async function profileScenarios(options) {
  const times = []
  const allocations = []
  const heaps = []
  for (const scenario of options.scenarios) {
    for (const each of scenario.comparisons?.(options) ?? []) {
      const { time, allocation } = await profileAnswer(each)
      times.push(time)
      allocations.push(allocation)
    }
    for (const each of scenario.heaps?.(options) ?? []) heaps.push(...(await profileHeap(each)))
  }
  return [
    ...(times.length > 0 ? ['Time, in percent, by owner of the function that took it:', ownerTable(times, { digits: 1 })] : []),
    ...times.map(({ title, functions }) => `${title}, the functions that take most:\n\n${functionTable(functions)}`),
    ...(allocations.length > 0
      ? ['Memory that one answer takes, in kB, garbage and all, by owner of the function that allocated it:', ownerTable(allocations, { digits: 1 })]
      : []),
    ...(heaps.length > 0
      ? ['Heap per chat, in bytes, by owner of the function that allocated it (sampled; the exact sums are above):', ownerTable(heaps, { digits: 0 })]
      : []),
  ].join('\n\n')
}

async function profileAnswer({ title, chats, ...what }) {
  const task = createTask(what)
  const work = {
    prepare: () => Array.from({ length: chats ?? AT_ONCE }, () => task.create(statechat)),
    run: (clients) => (chats ? Promise.all(clients.map(statechat.send)) : inTurn(clients)),
  }
  const name = `${title}, ${SHAPES[what.shape].title}`
  const time = { title: name, functions: await cpuProfile(work) }
  const allocation = { title: name, functions: await allocationProfile(work) }
  progress(`${name} · profiled`)
  return { time, allocation }
}

async function profileHeap({ title, chats: count, ...what }) {
  const task = createTask(what)
  const create = () => Array.from({ length: count }, () => task.create(statechat))
  const answer = async (clients) => {
    await Promise.all(clients.map(statechat.send))
    return clients
  }
  await answer(create())
  const created = await heapProfile(create, count)
  const answered = await heapProfile(() => answer(create()), count)
  progress(`${title} · profiled`)
  return [
    { title: `${title}, created`, functions: created },
    { title: `${title}, answered`, functions: answered },
  ]
}

async function inTurn(clients) {
  for (const client of clients) await statechat.send(client)
}
