import type { Connection } from '../src/connection/connection.ts'
import type { Chunk } from '../src/protocol/chunk.ts'

/** What one run does: the reads it yields, in order; an `Error` among them is thrown. */
export type Script = readonly (Chunk | readonly Chunk[] | Error)[]

/**
 * A connection that plays one script per run, in order; the last one again when there are no more.
 *
 * @example
 * const chat = createChat({ connection: scriptedConnection(run(text('m1', 'Hi'))) })
 */
export function scriptedConnection(...scripts: [Script, ...Script[]]): Connection {
  let played = 0
  return {
    async *connect(_messages, _data, signal) {
      const script = scripts[Math.min(played++, scripts.length - 1)]!
      for (const step of script) {
        if (signal.aborted) return
        if (step instanceof Error) throw step
        yield step as Chunk | readonly Chunk[]
      }
    },
  }
}
