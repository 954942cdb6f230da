import { type ModelHooks, unhurried } from './model.ts'

/** Counts the calls of each run. */
export function tally(pace: ModelHooks['pace'] = unhurried) {
  const calls: string[] = []
  const hooks: ModelHooks = { onCall: ({ runId, what }) => void calls.push(`${runId} ${what}`), pace }
  return { calls, hooks }
}

/** What a run that was answered once has called. */
export const ONCE = ['answer', 'think', 'tool']
