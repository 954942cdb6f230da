import { recordTrace, type Trace } from '../../src/trace/index.ts'
import { world } from '../random-world.ts'
import type { Schedule } from './schedule.ts'

/** The machine's events while a schedule is played, for `replayTrace`, and where it came to. */
export async function traceOf({ steps, ...setup }: Schedule): Promise<{ trace: Trace; end: string }> {
  const it = world(setup)
  const recorder = recordTrace(it.chat)
  for (const step of steps) await it.act(step)
  const end = whereIs(it.chat)
  const trace = JSON.parse(JSON.stringify(recorder.stop())) as Trace
  await it.dispose()
  return { trace, end }
}

/** The state of a chat's machine and its messages, frames or not. */
export function whereIs({ actor }: ReturnType<typeof world>['chat']): string {
  const { value, context } = actor.getSnapshot()
  return JSON.stringify([value, context.host.transcript.messages()])
}
