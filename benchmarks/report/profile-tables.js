/** How many functions are shown. */
const TOP = 12

/** A row for each owner, a column for each profile. Owners with less than a fiftieth everywhere are one. */
export function ownerTable(profiles, { digits }) {
  const columns = profiles.map(({ functions }) => byOwner(functions))
  const totals = columns.map((column) => sum(column.values()))
  const isLarge = (owner) => columns.some((column, i) => (column.get(owner) ?? 0) >= totals[i] / 50)
  const [large, small] = [true, false].map((wanted) =>
    [...new Set(columns.flatMap((column) => [...column.keys()]))].filter((owner) => isLarge(owner) === wanted),
  )
  const amountIn = (column, owners) => sum(owners.map((owner) => column.get(owner) ?? 0))
  const sorted = large.toSorted((a, b) => amountIn(columns[0], [b]) - amountIn(columns[0], [a]))
  const row = (name, owners) => `| ${[name, ...columns.map((column) => amountIn(column, owners).toFixed(digits))].join(' | ')} |`
  return [
    `| ${['owner', ...profiles.map(({ title }) => title)].join(' | ')} |`,
    `| --- |${' ---: |'.repeat(profiles.length)}`,
    ...sorted.map((owner) => row(owner, [owner])),
    row('others', small),
    row('all', [...large, ...small]),
  ].join('\n')
}

export const functionTable = (functions) =>
  [
    '| % | function | file |',
    '| ---: | --- | --- |',
    ...functions.slice(0, TOP).map(({ name, file, amount }) => `| ${amount.toFixed(1)} | ${name.replace(/[()]/g, '')} | ${file} |`),
  ].join('\n')

function byOwner(functions) {
  const owners = new Map()
  for (const { file, name, amount } of functions) {
    const owner = name === '(garbage collector)' ? 'garbage collector' : ownerOf(file)
    owners.set(owner, (owners.get(owner) ?? 0) + amount)
  }
  return owners
}

function ownerOf(file) {
  const library = file.match(/node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1]
  if (library) return library
  const folder = file.match(/^packages\/core\/src\/([^/]+)/)?.[1]
  if (folder) return `statechat, ${folder}`
  if (file.startsWith('benchmarks/')) return 'the benchmark'
  return file.startsWith('node:') ? 'Node: fetch, streams, signals' : 'V8'
}

const sum = (values) => [...values].reduce((total, value) => total + value, 0)
