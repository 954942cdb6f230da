import { clientMoves } from './client-moves.ts'
import { handMoves } from './hand-moves.ts'
import type { Move } from './move.ts'
import { networkMoves } from './network-moves.ts'
import { tabMoves } from './tab-moves.ts'
import { userMoves } from './user-moves.ts'

/** Everything that can happen, by name. */
export const moves: Readonly<Record<string, Move>> = { ...userMoves, ...networkMoves, ...clientMoves, ...tabMoves, ...handMoves }
