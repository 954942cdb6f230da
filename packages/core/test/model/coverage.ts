import type { AnyActorRef, AnyMachineSnapshot } from 'xstate'
import type { StateValue } from '../../src/view/snapshot.ts'
import { type Arrow, arrows, states } from './transitions.ts'

/** Which states and transitions of the machine were seen at work, and how often. */
export interface Coverage {
  /** Counts what this actor does from here on; `byHand` from the moment that this is true. */
  follow(actor: AnyActorRef, isByHand?: () => boolean): void
  /** What never happened, by name. */
  missing(): string[]
  /** Transitions that were taken by hand only. */
  byHand(): string[]
  /** A row for each state: how many of its transitions were taken, and each of them with how often. */
  table(): string
}

/** `{ running: { streaming: 'connecting' } }` is `running`, `running.streaming` and `running.streaming.connecting`. */
const namesOf = (value: StateValue, parent = ''): string[] =>
  typeof value === 'string'
    ? [parent + value]
    : Object.entries(value).flatMap(([name, child]) => [parent + name, ...(child === undefined ? [] : namesOf(child, `${parent}${name}.`))])

const count = <K>(counts: Map<K, number>, key: K) => counts.set(key, (counts.get(key) ?? 0) + 1)

export function createCoverage(): Coverage {
  const entered = new Map<string, number>()
  const taken = new Map<object, number>()
  const forced = new Set<object>()

  function visit({ value }: AnyMachineSnapshot) {
    count(entered, 'chat')
    for (const name of namesOf(value as StateValue)) count(entered, name)
  }
  const isOnlyByHand = ({ definition }: Arrow) => forced.has(definition) && !taken.has(definition)
  const isMissing = ({ definition }: Arrow) => !forced.has(definition) && !taken.has(definition)
  const timesOf = (arrow: Arrow) => (isOnlyByHand(arrow) ? 'by hand' : isMissing(arrow) ? 'NEVER' : `${taken.get(arrow.definition)} ×`)

  return {
    follow(actor, isByHand = () => false) {
      visit(actor.getSnapshot() as AnyMachineSnapshot)
      actor.system.inspect((event) => {
        if (event.type !== '@xstate.microstep' || event.actorRef !== actor) return
        visit(event.snapshot as AnyMachineSnapshot)
        for (const transition of Reflect.get(event, '_transitions') as readonly object[])
          if (isByHand()) forced.add(transition)
          else count(taken, transition)
      })
    },
    missing: () => [...states.filter((name) => !entered.has(name)), ...arrows.filter(isMissing).map(({ name }) => name)],
    byHand: () => arrows.filter(isOnlyByHand).map(({ name }) => name),
    table() {
      const rows = states.flatMap((state) => {
        const own = arrows.filter((arrow) => arrow.state === state)
        const done = own.filter((arrow) => !isMissing(arrow))
        return [
          `${state}: ${entered.has(state) ? `entered ${entered.get(state)} ×` : 'NEVER entered'}, ${done.length} of ${own.length} transitions`,
          ...own.map((arrow) => `${timesOf(arrow).padStart(10)}  ${arrow.name.slice(state.length + 2)}`),
        ]
      })
      const done = arrows.filter((arrow) => !isMissing(arrow)).length
      return [`${entered.size} of ${states.length} states, ${done} of ${arrows.length} transitions`, ...rows].join('\n')
    },
  }
}
