import { fastestPeer } from './limits.js'

const COLUMNS = ['statechat', 'statechat on UI message stream', 'TanStack AI', 'AI SDK', 'AG-UI']

/** The results as Markdown: ratios only, as milliseconds are the machine's. */
export function toMarkdown({ node, cores, rounds, comparisons, growths, heaps, verdicts }) {
  return [
    `Node ${node}, ${cores} cores, medians of ${rounds} rounds (fewer of those that take long), 1.00× is the floor of the same row.`,
    ...(comparisons.length > 0 ? [comparisonTable(comparisons)] : []),
    ...(growths.length > 0 ? [table(['statechat', 'sizes', 'grows with the power'], growths.map(growthRow))] : []),
    ...(heaps.length > 0 ? [table(['heap per chat, bytes', 'created', 'after an answer', 'disposed of'], heaps.map(heapRow))] : []),
    ...(verdicts.length > 0 ? [verdictTable(verdicts)] : []),
  ].join('\n\n')
}

export const verdictTable = (verdicts) => table(['limit', 'measured', 'at most', ''], verdicts.map(verdictRow))

function comparisonTable(comparisons) {
  const names = new Set(comparisons.flatMap(({ entries }) => entries.filter(({ name, floor }) => name !== floor).map(({ name }) => name)))
  const present = [...COLUMNS.filter((name) => names.delete(name)), ...names]
  const rows = comparisons.map(({ title, shape, entries }) => {
    const peer = fastestPeer(entries)
    const ours = entries.find(({ name }) => name === 'statechat')
    return [
      title,
      shape,
      ...present.map((name) => cell(entries.find((entry) => entry.name === name))),
      peer && ours ? times(ours.cpuMs / peer.cpuMs) : '–',
    ]
  })
  return table(['CPU time of the floor', 'reads', ...present, 'statechat of the fastest peer'], rows)
}

/** Wall time too where it is another one: some wait. */
function cell(entry) {
  if (!entry) return '–'
  const waits = entry.wallOfFloor > entry.ofFloor * 1.5
  const once = entry.rounds === 1 ? ', one round' : ''
  return `${times(entry.ofFloor)}${waits ? ` (wall ${times(entry.wallOfFloor)})` : ''}${once}`
}

const growthRow = ({ title, sizes, exponent }) => [title, sizes.map(number).join(', '), power(exponent)]
const heapRow = ({ name, created, answered, disposed }) => [name, ...[created, answered, disposed].map(number)]
const verdictRow = ({ kind, what, measured, limit, isKept }) => [what, amount(kind, measured), amount(kind, limit), isKept ? 'kept' : '**missed**']

const amount = (kind, value) => {
  if (kind === 'heap') return `${number(value)} bytes`
  return kind === 'growth' ? power(value) : times(value)
}
/** Nothing is -0.00. */
const power = (value) => Number(value.toFixed(2)).toFixed(2)
const number = (value) => value.toLocaleString('en')
const times = (value) => `${value < 10 ? value.toFixed(2) : number(Math.round(value))}×`

const table = (head, rows) => [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
