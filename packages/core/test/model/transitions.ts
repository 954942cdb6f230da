import { chatMachine } from '../../src/session/machine.ts'

/** As much of XState's state nodes and transition definitions as is read here. */
interface Node {
  readonly id: string
  readonly path: readonly string[]
  readonly states: Readonly<Record<string, Node>>
  readonly transitions: ReadonlyMap<string, readonly Definition[]>
  readonly always?: readonly Definition[] | undefined
}
interface Definition {
  readonly guard?: unknown
  readonly target?: readonly Node[] | undefined
}

/** One arrow of the machine; guarded alternatives are arrows of their own. */
export interface Arrow {
  /** E.g. `running: user.send [interrupts] → running`. */
  readonly name: string
  /** Of the state node that it leaves from. */
  readonly state: string
  /** XState's own object, the same that an actor's inspection events name. */
  readonly definition: object
}

const nameOf = ({ path }: Node) => path.join('.') || 'chat'

const nodesOf = (node: Node): Node[] => [node, ...Object.values(node.states).flatMap(nodesOf)]

/** XState names them with the id of their state, which is said already. */
const eventName = (descriptor: string, { id }: Node) =>
  descriptor.replace(/^xstate\.after\.(.*)$/, (_, delay: string) => `after ${delay.replace(`.${id}`, '')}`)

const arrowsOf = (node: Node): Arrow[] =>
  [...[...node.transitions].map(([descriptor, all]) => [eventName(descriptor, node), all] as const), ['always', node.always ?? []] as const].flatMap(
    ([event, all]) =>
      all.map((definition, i) => {
        const guard = typeof definition.guard === 'string' ? ` [${definition.guard}]` : all.length > 1 && i > 0 ? ' [else]' : ''
        const target = definition.target?.map((each) => ` → ${nameOf(each)}`).join('') ?? ''
        return { name: `${nameOf(node)}: ${event}${guard}${target}`, state: nameOf(node), definition }
      }),
  )

const nodes = nodesOf(chatMachine.root as unknown as Node)

/** Every state of the machine, parents included, as `running.streaming.connecting`. */
export const states: readonly string[] = nodes.map(nameOf)

/** Every transition of every state, as the machine's definition has them: events, `after` and `always`. */
export const arrows: readonly Arrow[] = nodes.flatMap(arrowsOf)
