/**
 * Draws the machine as Mermaid into README.md and docs/machine.md, between `<!-- machine -->` and `<!-- /machine -->`, and writes the table of all its
 * transitions, by name, into docs/machine.md, between `<!-- transitions -->` and `<!-- /transitions -->`.
 * With `--check` it writes nothing and exits with 1 if one of them is stale.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { load } from './load.js'

const root = join(import.meta.dirname, '..')
const mermaid = (draw) => (machine) => `\`\`\`mermaid\n${draw(machine)}\n\`\`\``
const PICTURES = [
  ['README.md', 'machine', mermaid(overview)],
  ['docs/machine.md', 'machine', mermaid(everything)],
  ['docs/machine.md', 'transitions', table],
]

const { chatMachine } = await load(join(root, 'packages/core/src/session/machine.ts'))
const isCheck = process.argv.includes('--check')
for (const [file, mark, draw] of PICTURES) {
  const path = join(root, file)
  const before = readFileSync(path, 'utf8')
  const place = new RegExp(`(<!-- ${mark} -->)[\\s\\S]*?(<!-- /${mark} -->)`)
  if (!place.test(before)) throw new Error(`${file} has no <!-- ${mark} --> … <!-- /${mark} -->.`)
  const after = before.replace(place, (_, open, close) => `${open}\n${draw(chatMachine.root)}\n${close}`)
  if (before === after) continue
  if (!isCheck) writeFileSync(path, after)
  else {
    console.error(`The picture of the machine in ${file} is stale. Run: npm run machine`)
    process.exitCode = 1
  }
}

/** States and the events between the big ones. */
function overview(machine) {
  return ['stateDiagram-v2', ...states(machine, 1, isBig), ...arrows(transitionsOf(machine), lift)].join('\n')
}

/** Every transition with its guard. */
function everything(machine) {
  return ['stateDiagram-v2', ...states(machine, 1), ...arrows(transitionsOf(machine), (node) => node, true)].join('\n')
}

/** Every transition of every state, with the names of its guard and actions: also those that lead nowhere. */
function table(machine) {
  const rows = nodesOf(machine).flatMap((node) => [
    ...actionRows(node, 'entry', node.entry),
    ...[...node.transitions.values()]
      .flat()
      .concat(node.always ?? [])
      .map((transition) => row(node, transition)),
    ...actionRows(node, 'exit', node.exit),
  ])
  return ['', '| state | event | guard | leads to | actions |', '|---|---|---|---|---|', ...rows, ''].join('\n')
}

function nodesOf(node) {
  return [node, ...Object.values(node.states).flatMap(nodesOf)]
}

function actionRows(node, when, actions) {
  return actions.length > 0 ? [cells(node, when, '', '', names(actions))] : []
}

function row(node, transition) {
  const { guard, target, actions } = transition
  const to = target ? target.map((state) => code(pathOf(state))).join(', ') : actions.length > 0 ? '' : 'nothing'
  return cells(node, code(eventOf(transition)), guard ? code(nameOf(guard)) : '', to, names(actions))
}

function cells(node, ...rest) {
  return `| ${[code(pathOf(node)), ...rest].join(' | ')} |`
}

function code(text) {
  return `\`${text}\``
}

function nameOf(named) {
  return typeof named === 'string' ? named : named.type
}

function names(actions) {
  return actions.map((action) => code(nameOf(action))).join(', ')
}

function pathOf(node) {
  return node.path.length === 0 ? node.key : node.path.join('.')
}

function states(node, depth, isShown = () => true) {
  const indent = '  '.repeat(depth)
  const initial = node.states[node.config.initial]
  const lines = initial && isShown(initial) ? [`${indent}[*] --> ${idOf(initial)}`] : []
  for (const child of Object.values(node.states).filter(isShown)) {
    const children = states(child, depth + 1, isShown)
    lines.push(`${indent}state "${child.key}" as ${idOf(child)}${children.length > 0 ? ' {' : ''}`)
    if (children.length > 0) lines.push(...children, `${indent}}`)
  }
  return lines
}

function transitionsOf(node) {
  const own = [...node.transitions.values()].flat().concat(node.always ?? [])
  const targeted = own.flatMap((transition) =>
    (transition.target ?? []).map((target) => ({ from: transition.source, to: target, event: eventOf(transition), guard: transition.guard })),
  )
  return targeted.concat(Object.values(node.states).flatMap(transitionsOf))
}

function eventOf({ eventType }) {
  if (eventType === '') return 'always'
  return eventType.startsWith('xstate.after') ? 'after backoff' : eventType
}

/** The statuses of the public API, and `running`, which holds two of them. */
function isBig(node) {
  return node.path.length <= 1 || (node.path.length === 2 && node.path[0] === 'running')
}

function lift(node) {
  return isBig(node) ? node : lift(node.parent)
}

function arrows(transitions, at, withGuards = false) {
  const labels = new Map()
  for (const { from, to, event, guard } of transitions) {
    const [a, b] = [at(from), at(to)]
    if (a === b && !withGuards) continue
    const key = `${idOf(a)} --> ${idOf(b)}`
    const label = withGuards && guard ? `${event} [${nameOf(guard)}]` : event
    labels.set(key, (labels.get(key) ?? new Set()).add(label))
  }
  return [...labels].map(([arrow, events]) => `  ${arrow} : ${[...events].join('\\n')}`)
}

function idOf(node) {
  return node.path.join('_').replaceAll('-', '_')
}
