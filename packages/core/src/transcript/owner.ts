import type { ChatWarning } from '../errors.ts'

/** Whose messages they are. */
export interface Owner {
  /** For what the wire gives no id. */
  generateId(): string
  /** What could not be applied. Default: nobody hears it. */
  warn?(warning: ChatWarning): void
}
