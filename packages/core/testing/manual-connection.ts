import type { Connection } from '../src/connection/connection.ts'
import type { Chunk } from '../src/protocol/chunk.ts'
import { dropError, httpErrorOf } from './break-error.ts'
import { type RunRequest, runRequest } from './run-request.ts'
import { httpError } from './script.ts'
import { settled } from './settled.ts'

/** One run of a {@link manualConnection}, pushed by hand. Each step resolves when the chat has dealt with it. */
export interface ManualRun extends RunRequest {
  /** One network read with these chunks. */
  push(...chunks: Chunk[]): Promise<void>
  /** The body ends. */
  close(): Promise<void>
  /** The stream throws. */
  fail(error: unknown): Promise<void>
  /** The transport breaks: `network` before the first push, `truncated` after it; with a `cursor` the chat rejoins the run, as the next of `runs`. */
  drop(cursor?: string): Promise<void>
  /** The server answers with a status outside 200–299 instead: `http`. Throws after the first push. */
  httpError(status: number, answer?: { body?: unknown; headers?: Record<string, string> }): Promise<void>
}

export interface ManualConnection extends Connection {
  /** Every run so far, oldest first. */
  readonly runs: readonly ManualRun[]
  /** The latest run; throws if there is none. */
  readonly run: ManualRun
  /** How many runs are open: neither ended nor aborted. */
  readonly open: number
  /** Ids of the runs that the server was asked to stop, oldest first. */
  readonly cancelled: readonly string[]
}

export interface ManualConnectionOptions {
  /** A stream that goes on after its signal was aborted, as rude ones do. Default false. */
  ignoresAbort?: boolean | undefined
  /** A chat with `resume: true` may look for a run that is going on: a run of the kind `join`. Default false. */
  joins?: boolean | undefined
  /** The server can be asked to stop a run, as one that keeps its runs: one with a cursor. Default false: closing the connection is enough. */
  cancels?: boolean | undefined
}

/**
 * A connection that a test pushes by hand.
 *
 * @example
 * const connection = manualConnection()
 * const chat = createChat({ connection })
 * void chat.sendMessage('Hello')
 * await settled()
 * await connection.run.push(...run(text('m1', 'Hi')))
 * await connection.run.close()
 */
export function manualConnection({ ignoresAbort = false, joins = false, cancels = false }: ManualConnectionOptions = {}): ManualConnection {
  const runs: OpenRun[] = []
  const cancelled: string[] = []
  function open(request: RunRequest) {
    const opened = openRun(request, ignoresAbort)
    runs.push(opened.run)
    return opened.reads
  }
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
    cancelled,
    connect: (...call) => open(runRequest('connect', ...call)),
    ...(joins && { join: (signal, context) => open(runRequest('join', [], undefined, signal, context)) }),
    ...(cancels && { cancel: async ({ runId }) => void cancelled.push(runId) }),
  }
}

type OpenRun = ManualRun & { readonly isOpen: boolean }
type Read = readonly Chunk[] | 'close' | { error: unknown }

function openRun(request: RunRequest, ignoresAbort: boolean): { run: OpenRun; reads: AsyncGenerator<readonly Chunk[], void, void> } {
  const { signal, context } = request
  const waiting: Read[] = []
  let wake = () => {}
  let isOpen = true
  let hasDelivered = false

  async function* read() {
    try {
      while (true) {
        const next = waiting.shift()
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
  function step(read: Read) {
    waiting.push(read)
    wake()
    return settled()
  }
  if (!ignoresAbort) signal.addEventListener('abort', () => wake())

  const run: OpenRun = {
    ...request,
    get isOpen() {
      return isOpen && !(signal.aborted && !ignoresAbort)
    },
    push(...chunks) {
      hasDelivered = true
      return step(chunks)
    },
    close: () => step('close'),
    fail: (error) => step({ error }),
    drop(cursor) {
      if (cursor !== undefined) context.onCursor(cursor)
      return step({ error: dropError(hasDelivered) })
    },
    httpError(status, answer) {
      if (hasDelivered) throw new Error(`httpError(${status}) after a push: an answer that has begun has its status. Use drop().`)
      return step({ error: httpErrorOf(httpError(status, answer)) })
    },
  }
  return { run, reads: read() }
}
