import { settled } from '../../testing/index.ts'
import type { ConnectContext, Connection } from '../connection/connection.ts'
import type { Chunk } from '../protocol/chunk.ts'
import type { UIMessage } from '../transcript/message.ts'

export interface LoggedRun {
  readonly runId: string
  readonly messages: readonly UIMessage[]
  /** One network read with these chunks. */
  push(...chunks: Chunk[]): Promise<void>
  close(): Promise<void>
}

/** A server that keeps its runs, pushed by hand: whoever names a position gets what came after it. */
export function testServer() {
  const runs = new Map<string, { run: LoggedRun; reads: (readonly Chunk[] | 'close')[]; wake: () => void; next: Promise<void> }>()
  const cancelled: string[] = []
  let open = 0
  let mostOpen = 0

  function begin(runId: string, messages: readonly UIMessage[]) {
    const reads: (readonly Chunk[] | 'close')[] = []
    const step = (read: readonly Chunk[] | 'close') => {
      reads.push(read)
      const { wake } = record
      record.next = new Promise((resolve) => (record.wake = resolve))
      wake()
      return settled()
    }
    const run: LoggedRun = { runId, messages, push: (...chunks) => step(chunks), close: () => step('close') }
    const record = { run, reads, wake: () => {}, next: Promise.resolve() }
    record.next = new Promise((resolve) => (record.wake = resolve))
    runs.set(runId, record)
    return record
  }

  async function* read(messages: UIMessage[], signal: AbortSignal, { runId, cursor, onCursor }: ConnectContext) {
    onCursor(cursor ?? '')
    const record = runs.get(runId) ?? begin(runId, messages)
    const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
    mostOpen = Math.max(mostOpen, ++open)
    try {
      for (let at = cursor ? Number(cursor) : 0; !signal.aborted; at++) {
        while (at >= record.reads.length && !signal.aborted) await Promise.race([record.next, aborted])
        const next = record.reads[at]
        if (signal.aborted || next === 'close' || next === undefined) return
        onCursor(String(at + 1))
        yield next
      }
    } finally {
      open--
    }
  }

  const connection: Connection = {
    connect: (messages, _data, signal, context) => read(messages, signal, context),
    async cancel({ runId }) {
      cancelled.push(runId)
    },
  }
  return {
    connection,
    cancelled,
    /** Every run, oldest first: how often the model was asked. */
    runs: () => [...runs.values()].map(({ run }) => run),
    run: () => [...runs.values()].at(-1)!.run,
    open: () => open,
    mostOpen: () => mostOpen,
  }
}
