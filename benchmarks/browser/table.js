import { BUFFERED, PACED } from './cases.js'
import { LIMITS } from './limits.js'

const FRAMEWORKS = { floor: 'none', react: 'React', vue: 'Vue', svelte: 'Svelte', solid: 'Solid' }
const MANY = 100

const ms = (value) => (value === undefined ? '–' : value.toLocaleString('en', { maximumFractionDigits: value < MANY ? 1 : 0 }))
const times = (value) => (Number.isFinite(value) ? `${value.toLocaleString('en', { maximumSignificantDigits: value < MANY ? 2 : 3 })} ×` : '–')
const row = (cells) => `| ${cells.join(' | ')} |`

/** A table with a row per contestant; `columns` are `[title, cell]` pairs, `cell` is given what finds a figure. */
function table(figures, columns) {
  const ids = [...new Set(figures.map(({ id }) => id))]
  const rows = ids.map((id) => {
    const of = (name, who = id) => figures.find((one) => one.id === who && one.case === name) ?? {}
    const { framework, title, version } = figures.find((one) => one.id === id)
    return row([FRAMEWORKS[framework], version ? `${title} ${version}` : title, ...columns.map(([, cell]) => cell(of, framework))])
  })
  return [row(['framework', 'client', ...columns.map(([title]) => title)]), row(['---', '---', ...columns.map(() => '--:')]), ...rows].join('\n')
}

const buffered = (figures) =>
  table(
    figures,
    BUFFERED.flatMap(({ case: name, title }) => [
      [`${title}, ms`, (of) => ms(of(name).ms)],
      ['to by hand', (of) => times(of(name).ms / of(name, 'floor/floor').ms)],
      ['to statechat', (of, framework) => times(of(name).ms / of(name, `${framework}/statechat`).ms)],
      ['CPU, ms', (of) => ms(of(name).busyMs)],
    ]),
  )

const paced = (figures) =>
  table(figures, [
    ...PACED.flatMap(({ case: name, title }) => [
      [`${title}: a click, median / slowest, ms`, (of) => `${ms(of(name).clickMs)} / ${ms(of(name).clickMaxMs)}`],
      ['long tasks / ms', (of) => `${ms(of(name).longTasks)} / ${ms(of(name).longTasksMs)}`],
      ['whole answer, ms', (of) => ms(of(name).ms)],
      ['CPU, ms', (of) => ms(of(name).busyMs)],
    ]),
    ['renders of a finished row', (of) => ms(of('paced-2000').rendersPerFinishedRow ?? undefined)],
    ['changes of the page in a frame', (of) => ms(of('paced-2000').updatesPerFrame)],
  ])

/** The figures as Markdown. `environment` is `{ chromium, node, cores }`. */
export function toMarkdown(figures, { chromium, node, cores }) {
  const rounds = (name) => Math.max(...figures.filter((one) => one.case === name).map((one) => one.rounds))
  return `Chromium ${chromium}, Node ${node}, ${cores} cores, production builds; medians of up to ${rounds('blocks')} rounds, the paced ones of ${rounds('paced-2000')}.
"By hand" is a page without framework: \`eventsource-parser\`, \`JSON.parse\`, one change of the text per frame. CPU is that of the main
thread, drawing included.

**An answer of 2,000 deltas that is already there, after 2,000 messages**: from the send to the paint of its last character. Limits, for
React: ${LIMITS.blocksTimesFloor} times by hand and ${LIMITS.blocksMs} ms in reads of 16 KiB, ${LIMITS.eventsTimesFloor} times with one event a read.

${buffered(figures)}

**An answer of 1,000 deltas in two seconds**, and clicks on a button that counts: from the click to the paint of the number, both of the
quietest round. Limits: ${LIMITS.clickMs} ms, no render of a finished row, one snapshot per frame.

${paced(figures)}
`
}
