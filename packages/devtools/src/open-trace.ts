import { replayTrace, type Trace } from '@statechat/core/trace'
import { recordChat } from './recording/record-chat.ts'
import type { Source } from './source.ts'

/**
 * A trace that was exported: played through once by a real chat, at the times at which it happened, and recorded like any other.
 * Rejects with `ChatError` `misuse` for what is no trace.
 */
export async function openTrace(trace: Trace, name: string): Promise<Source> {
  const replay = replayTrace(trace)
  let at = 0
  const recording = recordChat(replay.chat, { now: () => at, limit: Infinity })
  try {
    while (replay.position < replay.length) {
      at = trace.steps[replay.position]!.at
      await replay.step()
    }
  } finally {
    recording.stop()
    replay.stop()
  }
  return { name, recording, trace: () => trace, stop() {} }
}
