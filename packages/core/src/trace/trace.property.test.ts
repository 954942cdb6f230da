import fc from 'fast-check'
import { expect, it } from 'vitest'
import { setups, type World, world } from '../../test/random-world.ts'
import type { ChatSnapshot } from '../view/snapshot.ts'
import { recordTrace } from './record-trace.ts'
import { replayTrace } from './replay-trace.ts'

/** Everything that a reader of the chat can tell, after each event of the machine. */
function watch({ chat }: World) {
  const recorder = recordTrace(chat)
  const seen: ChatSnapshot[] = []
  recorder.subscribe(() => {
    if (recorder.state === 'recording') seen.push(chat.getSnapshot())
  })
  return { recorder, seen }
}

it('a random schedule that was recorded is played to the same snapshots, event by event', async () => {
  let events = 0
  await fc.assert(
    fc.asyncProperty(setups, async ({ steps, ...setup }) => {
      const recorded = world(setup)
      const { recorder, seen } = watch(recorded)
      for (const step of steps) await recorded.act(step)
      const file = JSON.stringify(recorder.stop())
      recorded.chat.dispose()

      const replay = replayTrace(JSON.parse(file))
      expect(replay).toHaveLength(seen.length)
      for (const snapshot of seen) {
        await replay.step()
        expect(replay.chat.getSnapshot()).toEqual(snapshot)
      }
      expect(replay.divergedAt).toBeNull()
      expect(await replay.step()).toBeUndefined()
      replay.stop()
      events += seen.length
    }),
    { numRuns: 300 },
  )
  expect(events).toBeGreaterThan(3_000)
}, 120_000)
