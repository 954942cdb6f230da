import type { ChatContext, Turn } from './context.ts'
import { EMPTY_LEDGER } from './ledger.ts'

/** A turn that begins: nothing is known of its run. */
export const turnOf = (turn: Pick<Turn, 'id' | 'tip'> & Partial<Turn>): Partial<ChatContext> => ({
  turn: { mode: 'reply', fallback: null, options: {}, steps: 0, ...turn },
  ledger: EMPTY_LEDGER,
  parentRunId: null,
})
