import type { Chat } from '../chat.ts'
import { isolate } from '../session/host.ts'

/** An event on its way to the machine. */
export interface Arrival<Options> {
  readonly event: { type: string }
  /** Who sent it, if it was an actor of the chat. */
  readonly actorId: string | undefined
  /** By the chat's clock. */
  readonly at: number
  readonly options: Options
}

interface Watcher<Options> {
  /** Reads what is to be known of the chat before the event is dealt with. */
  onArrival(): Options
  /** The event was dealt with, and these ids were made meanwhile. */
  onDone(arrival: Arrival<Options>, ids: readonly string[]): void
  onStop(): void
}

/** Hears each event of a chat's machine when it has been dealt with, in order, and the ids that the machine and its transcript made for it. */
export function watchRoot<Options>(actor: Chat['actor'], { onArrival, onDone, onStop }: Watcher<Options>): { stop(): void } {
  const { host } = actor.getSnapshot().context
  const waiting: Arrival<Options>[] = []
  let ids: string[] = []
  let isStopped = false

  const before = host.generateId
  const noted = () => {
    const id = before()
    if (!isStopped) ids.push(id)
    return id
  }
  host.generateId = noted

  const inspection = actor.system.inspect((seen) =>
    isolate(() => {
      if (seen.actorRef !== actor) return
      if (seen.type === '@xstate.event') {
        const { sourceRef } = seen
        const actorId = sourceRef && sourceRef !== actor && 'id' in sourceRef ? String(sourceRef.id) : undefined
        waiting.push({ event: seen.event, actorId, at: host.now(), options: onArrival() })
      } else if (seen.type === '@xstate.snapshot') {
        const made = ids
        ids = []
        const place = waiting.findIndex(({ event }) => event === seen.event)
        if (place >= 0) onDone(waiting.splice(0, place + 1).at(-1)!, made)
      }
    }),
  )
  const subscription = actor.subscribe({ complete: onStop, error: onStop })

  return {
    stop() {
      isStopped = true
      inspection.unsubscribe()
      subscription.unsubscribe()
      // Who watches besides may have put its own in place of ours.
      if (host.generateId === noted) host.generateId = before
    },
  }
}
