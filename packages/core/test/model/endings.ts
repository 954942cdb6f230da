import type { AnyActorRef } from 'xstate'
import type { ChatContext } from '../../src/session/context.ts'
import type { Outcome } from '../../src/session/host.ts'

interface Seen {
  readonly value: unknown
  readonly context: ChatContext
  hasTag(tag: string): boolean
}

/** How each turn ended, as one sees it from the states that the machine went through. */
export interface Endings {
  readonly of: ReadonlyMap<string, Outcome>
  /** Turns in the order in which they began. */
  readonly begun: readonly string[]
  /** How many turns finished with the end of a run; one in which messages were read, or no run was found, is none. */
  readonly answered: number
  /** Watches this actor from here on. */
  follow(actor: AnyActorRef): void
  /** The actor is no more: what was in flight was stopped. */
  lose(): void
}

export function createEndings(): Endings {
  const of = new Map<string, Outcome>()
  const begun: string[] = []
  let current: string | null = null
  let answered = 0
  let wasBusy = false

  /** A turn is in flight while the machine is busy, or reads the stored messages again for it. */
  const turnOf = (snapshot: Seen): string | null => {
    const { turn } = snapshot.context
    // A turn that is over stays in the context; a reading for another one is none of its.
    if (turn && of.has(turn.id)) return null
    return turn && (snapshot.hasTag('busy') || JSON.stringify(snapshot.value).includes('restoring')) ? turn.id : null
  }

  function outcome({ value }: Seen, event: string): Outcome {
    if (value === 'error') return 'failed'
    return event === 'run.closed' || event === 'restore.done' ? (value === 'stopped' ? 'stopped' : 'finished') : 'stopped'
  }
  function see(snapshot: Seen, event: string) {
    const now = turnOf(snapshot)
    if (now !== current) change(snapshot, event, now)
    wasBusy = snapshot.hasTag('busy')
  }
  function change(snapshot: Seen, event: string, now: string | null) {
    if (current !== null) {
      of.set(current, outcome(snapshot, event))
      if (event === 'run.closed' && wasBusy && of.get(current) === 'finished') answered++
    }
    if (now !== null) begun.push(now)
    current = now
  }
  return {
    of,
    begun,
    get answered() {
      return answered
    },
    follow(actor) {
      see(actor.getSnapshot() as Seen, 'the beginning')
      actor.system.inspect((event) => {
        if (event.type === '@xstate.microstep' && event.actorRef === actor) see(event.snapshot as unknown as Seen, event.event.type)
      })
    },
    lose() {
      if (current !== null) of.set(current, 'stopped')
      current = null
    },
  }
}
