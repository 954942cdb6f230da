import type { ConnectContext, Connection } from '../src/connection/connection.ts'
import type { Chunk } from '../src/protocol/chunk.ts'
import type { UIMessage } from '../src/transcript/message.ts'
import { settled } from './settled.ts'

/** One run of a {@link manualConnection}, pushed by hand. Each step resolves when the chat has dealt with it. */
export interface ManualRun {
  readonly messages: readonly UIMessage[]
  readonly data: Record<string, unknown> | undefined
  readonly context: ConnectContext
  readonly signal: AbortSignal
  /** One network read with these chunks. */
  push(...chunks: Chunk[]): Promise<void>
  /** The body ends. */
  close(): Promise<void>
  /** The stream throws. */
  fail(error: unknown): Promise<void>
}

export interface ManualConnection extends Connection {
  /** Every run so far, oldest first. */
  readonly runs: readonly ManualRun[]
  /** The latest run; throws if there is none. */
  readonly run: ManualRun
  /** How many runs are open: neither ended nor aborted. */
  readonly open: number
}

/**
 * A connection that a test pushes by hand. With `ignoresAbort` it goes on after its signal was aborted, as rude ones do.
 *
 * @example
 * const connection = manualConnection()
 * const chat = createChat({ connection })
 * void chat.sendMessage('Hello')
 * await settled()
 * await connection.run.push(...run(text('m1', 'Hi')))
 * await connection.run.close()
 */
export function manualConnection({ ignoresAbort = false }: { ignoresAbort?: boolean } = {}): ManualConnection {
  const runs: (ManualRun & { readonly isOpen: boolean })[] = []
  return {
    runs,
    get run() {
      const run = runs.at(-1)
      if (!run) throw new Error('No run was started yet. Send a message and await settled() first.')
      return run
    },
    get open() {
      return runs.filter(({ isOpen }) => isOpen).length
    },
    connect(messages, data, signal, context) {
      const reads: (readonly Chunk[] | 'close' | { error: unknown })[] = []
      let wake = () => {}
      let isOpen = true
      async function* read() {
        try {
          while (true) {
            const next = reads.shift()
            if (!ignoresAbort && signal.aborted) return
            if (next === undefined) await new Promise<void>((resolve) => (wake = resolve))
            else if (next === 'close') return
            else if ('error' in next) throw next.error
            else yield next
          }
        } finally {
          isOpen = false
        }
      }
      function step(read: (typeof reads)[number]) {
        reads.push(read)
        wake()
        return settled()
      }
      if (!ignoresAbort) signal.addEventListener('abort', () => wake())
      runs.push({
        messages,
        data,
        context,
        signal,
        get isOpen() {
          return isOpen && !(signal.aborted && !ignoresAbort)
        },
        push: (...chunks) => step(chunks),
        close: () => step('close'),
        fail: (error) => step({ error }),
      })
      return read()
    },
  }
}
