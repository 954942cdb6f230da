import type { WarningSink } from '../errors.ts'
import type { StateDelta, StateSnapshot } from '../protocol/chunk.ts'
import { applyPatch } from './patch.ts'

/** What agent and application both read and write (AG-UI: state). */
export interface SharedState {
  /** Undefined until somebody has said something; null is a value. */
  get(): unknown
  set(state: unknown): void
  /** A patch that does not fit changes nothing and is a warning. */
  apply(chunk: StateSnapshot | StateDelta): void
}

export function createSharedState(initial: unknown, warn: WarningSink): SharedState {
  let state = initial
  return {
    get: () => state,
    set(next) {
      state = next
    },
    apply(chunk) {
      if (chunk.type === 'STATE_SNAPSHOT') {
        state = chunk.snapshot
        return
      }
      const patched = applyPatch(state ?? {}, chunk.delta)
      if ('value' in patched) state = patched.value
      else warn({ code: 'bad_patch', message: `A change to the state was left out, which stays as it is: ${patched.error}.`, seen: chunk })
    },
  }
}
