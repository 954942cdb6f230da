import { expect, it } from 'vitest'
import { opening } from '../../test/chat-kit.ts'
import { manualConnection } from '../../testing/index.ts'
import { recordTrace } from '../trace/record-trace.ts'
import { replayTrace } from '../trace/replay-trace.ts'
import type { Trace } from '../trace/trace.ts'
import { testTabs } from './test-kit.ts'

it('what another tab asked, and had answered, is in the replay of a trace', async () => {
  const connection = manualConnection()
  const { open, calm } = testTabs(connection)
  const [asks, listens] = [open(), open()]
  await calm()
  const recorder = recordTrace(listens.chat)
  void asks.chat.sendMessage({ content: 'Q', id: 'Q' })
  await calm()
  await connection.run.push(...opening('a', 'Hel'))
  await calm()
  const trace = JSON.parse(JSON.stringify(recorder.stop())) as Trace
  expect(trace.steps.map(({ event }) => event.type)).toContain('thread.changed')
  expect(listens.shown()).toBe('Q Hel…')
  const replay = replayTrace(trace)
  await replay.play()
  expect(replay.chat.getSnapshot()).toEqual(listens.chat.getSnapshot())
  expect(replay.divergedAt).toBeNull()
  replay.stop()
})
