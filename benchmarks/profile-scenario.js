import { statechat } from './contestants/statechat.js'
import { SHAPES } from './content/reads.js'
import { createTask } from './content/task.js'
import { profile } from './measure/profile.js'

/** How many functions are shown. */
const TOP = 25
/** Answers of one look at it. */
const AT_ONCE = 40

/** Where statechat spends its time in each comparison of a scenario, as Markdown. Percent of the time that is not idle, from the command to the end. */
export async function profileScenario({ comparisons }, options) {
  const tables = []
  for (const { title, chats, ...what } of comparisons?.(options) ?? []) {
    const task = createTask(what)
    const { functions, runs } = await profile({
      prepare: () => Array.from({ length: chats ?? AT_ONCE }, () => task.create(statechat)),
      run: (clients) => (chats ? Promise.all(clients.map(statechat.send)) : inTurn(clients)),
    })
    const rows = functions.slice(0, TOP).map(({ name, file, percent }) => `| ${percent.toFixed(1)} | ${name} | ${file} |`)
    tables.push([`${title}, ${SHAPES[what.shape].title} (${runs} runs)`, '', '| % | function | file |', '|---:|---|---|', ...rows].join('\n'))
  }
  return tables.join('\n\n')
}

async function inTurn(clients) {
  for (const client of clients) await statechat.send(client)
}
