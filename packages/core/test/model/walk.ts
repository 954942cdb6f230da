import { getAdjacencyMap } from 'xstate/graph'
import type { Given } from './given.ts'
import { createModel, type Model } from './model.ts'
import { moves } from './moves.ts'
import type { Seen } from './seen.ts'

/** A place on the walk. */
export interface Place {
  /** Names of the moves that lead here from the beginning. */
  readonly path: readonly string[]
  /** Moves that can be made here. */
  readonly next: readonly string[]
  /** The innermost state of the machine. */
  readonly phase: string
  /** What a user is to see after each move, the beginning first. */
  readonly seen: readonly Seen[]
  /** What tells this place from others. */
  readonly key: string
}

interface MoveEvent {
  readonly type: string
}

/**
 * What a place on the walk is: the machine's state, and of its context and the messages what its guards ask for.
 * Names, counts and texts make no difference.
 */
function keyOf({ phase, snapshot, host, run, working, isWatching, isOffline }: Model): string {
  const { ledger, queue, cursor, error, turn } = snapshot.context
  const last = host.transcript.messages().at(-1)?.parts ?? []
  const asks = new Set(last.flatMap((part) => ((part.type === 'tool-call' || part.type === 'interrupt') && OPEN.has(part.state) ? part.state : [])))
  const ofTheRun = [
    cursor === '' ? 'start' : cursor !== null,
    ledger.terminal,
    [...ledger.calls.values()].map(({ name }) => name),
    ledger.questions.size > 0,
    ledger.answered > 0,
    ledger.began,
  ]
  return JSON.stringify([
    phase,
    run !== undefined,
    queue.length > 0,
    error?.code === 'restore',
    turn && turn.mode === 'join',
    host.transcript.messages().length > 0,
    host.restore !== null,
    host.joins,
    working.length > 0,
    isWatching && isOffline,
    [...asks],
    snapshot.hasTag('busy') && ofTheRun,
  ])
}

const OPEN: ReadonlySet<string> = new Set(['input-complete', 'approval-requested', 'approval-responded', 'executing', 'open'])

/** The place that a path leads to: played from the beginning, since the messages are no part of the machine's snapshot. */
function placeAt(given: Given, path: readonly string[]): Place {
  const model = createModel(given)
  const seen = [model.seen]
  path.forEach((name, i) => {
    moves[name]!.model(model, i + 1)
    seen.push(model.seen)
  })
  const next = Object.keys(moves).filter((name) => moves[name]!.possible(model))
  return { path, next, phase: model.phase, seen, key: keyOf(model) }
}

/** The machine as logic whose events are moves. It is not given to the graph itself: it invokes, and what it does to the messages is an effect. */
const logicOf = (at: (path: readonly string[]) => Place) => ({
  transition: ({ path }: Place, { type }: MoveEvent) => at([...path, type]),
  getInitialSnapshot: () => at([]),
  getPersistedSnapshot: (place: Place) => place,
})

export interface Walk {
  /** Every place that can be reached, by its shortest path. */
  readonly places: readonly Place[]
  /** The place that a path leads to. */
  at(path: readonly string[]): Place
}

export function walk(given: Given): Walk {
  const known = new Map<string, Place>()
  function at(path: readonly string[]): Place {
    const name = path.join('\n')
    const place = known.get(name) ?? placeAt(given, path)
    known.set(name, place)
    return place
  }
  const adjacency = getAdjacencyMap(logicOf(at) as never, {
    serializeState: ((place: Place) => place.key) as never,
    events: ((place: Place) => place.next.map((type) => ({ type }))) as never,
    stopWhen: ((place: Place) => place.path.length >= given.depth) as never,
  })
  // The map is made breadth first, so the path on which a place was met first is a shortest one.
  const places = Object.values(adjacency).map(({ state }) => state as unknown as Place)
  return { places, at }
}
