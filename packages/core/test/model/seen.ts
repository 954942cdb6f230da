import type { ChatError } from '../../src/errors.ts'
import { show } from '../../src/session/test-kit.ts'
import type { UIMessage } from '../../src/transcript/message.ts'
import { type StateValue, statusOf } from '../../src/view/snapshot.ts'

/** What a user sees of a chat, short enough to compare and to print. */
export interface Seen {
  /** `status/phase`, or the status alone. */
  readonly where: string
  /** The messages: `Q1 A1…`. */
  readonly shown: string
  /** What waits. */
  readonly queue: string
  /** Its code. */
  readonly error: string | null
  /** Ids of the runs that the server was asked to stop. */
  readonly cancelled: string
}

interface Visible {
  readonly value: StateValue
  readonly messages: readonly UIMessage[]
  readonly queue: readonly { readonly message: UIMessage }[]
  readonly error: ChatError | null
  readonly cancelled: readonly string[]
}

export function seenOf({ value, messages, queue, error, cancelled }: Visible): Seen {
  const { status, phase } = statusOf(value)
  return {
    where: phase === null ? status : `${status}/${phase}`,
    shown: show(messages),
    queue: show(queue.map(({ message }) => message)),
    error: error?.code ?? null,
    cancelled: cancelled.join(' '),
  }
}

/** The name of the innermost state. */
export const phaseOf = (value: StateValue): string => (typeof value === 'string' ? value : phaseOf(Object.values(value)[0]!))
