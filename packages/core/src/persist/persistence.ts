import type { Chat, Clock } from '../chat.ts'
import type { ChatHost } from '../session/host.ts'
import type { ChatMachineInput } from '../session/options.ts'

/** Keeps the conversation of a chat; made by `persist()`, and the chat's option `persist`. */
export interface Persistence {
  /** The chat's side of the machine, which reads what is stored when the chat is shown or used. Throws `misuse`. */
  open(input: ChatMachineInput, clock: Clock | undefined): Kept
}

/** A chat that is kept. */
export interface Kept {
  readonly host: ChatHost
  /** Stores what changes from here on. */
  watch(actor: Chat['actor']): void
  /** Stores what is not stored yet, and sets no timers any more. */
  close(): void
}
