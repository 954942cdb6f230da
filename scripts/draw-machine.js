/**
 * Draws the machine as Mermaid into README.md and docs/machine.md, between `<!-- machine -->` and `<!-- /machine -->`.
 * With `--check` it writes nothing and exits with 1 if a picture is stale.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { load } from './load.js'

const root = join(import.meta.dirname, '..')
const PICTURES = { 'README.md': overview, 'docs/machine.md': everything }

const { chatMachine } = await load(join(root, 'packages/core/src/session/machine.ts'))
const isCheck = process.argv.includes('--check')
for (const [file, draw] of Object.entries(PICTURES)) {
  const path = join(root, file)
  const before = readFileSync(path, 'utf8')
  const after = before.replace(/(<!-- machine -->)[\s\S]*?(<!-- \/machine -->)/, `$1\n\`\`\`mermaid\n${draw(chatMachine.root)}\n\`\`\`\n$2`)
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
    const label = withGuards && guard ? `${event} [${typeof guard === 'string' ? guard : guard.type}]` : event
    labels.set(key, (labels.get(key) ?? new Set()).add(label))
  }
  return [...labels].map(([arrow, events]) => `  ${arrow} : ${[...events].join('\\n')}`)
}

function idOf(node) {
  return node.path.join('_').replaceAll('-', '_')
}
