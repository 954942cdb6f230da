import type { AnyActorRef } from 'xstate'
import type { ChatContext } from '../../src/session/context.ts'

/** Which runs a server is to be asked to stop, as one sees it from the states that the machine went through. */
export interface Cancels {
  /** By the ids that the server has for them, in order. */
  readonly due: readonly string[]
  /** Watches this actor from here on. */
  follow(actor: AnyActorRef): void
}

interface Seen {
  readonly context: ChatContext
  hasTag(tag: string): boolean
}

/** Those with which a person or an application does away with the run in flight, if the machine takes them. */
const COMMANDS: ReadonlySet<string> = new Set(['user.send', 'user.reload', 'user.edit', 'user.stop', 'user.clear', 'user.setMessages'])

export function createCancels(): Cancels {
  const due: string[] = []

  /** The run that goes on at the server whether or not anybody reads it, by its id there. */
  function goingOn(snapshot: Seen): string | null {
    const { runId, joinedId, cursor, ledger } = snapshot.context
    return snapshot.hasTag('busy') && cursor !== null && ledger.terminal === null ? (joinedId ?? runId) : null
  }
  const isOf = ({ context: { runId, joinedId } }: Seen, run: string) => (joinedId ?? runId) === run

  return {
    due,
    follow(actor) {
      let before = actor.getSnapshot() as Seen
      actor.system.inspect((event) => {
        if (event.type !== '@xstate.microstep' || event.actorRef !== actor) return
        const now = event.snapshot as unknown as Seen
        const run = goingOn(before)
        if (run !== null && COMMANDS.has(event.event.type) && !(now.hasTag('busy') && isOf(now, run))) due.push(run)
        before = now
      })
    },
  }
}
