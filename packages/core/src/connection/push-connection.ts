import type { UIMessage } from '../transcript/message.ts'
import { agUi } from '../protocol/ag-ui.ts'
import type { Chunk } from '../protocol/chunk.ts'
import type { ConnectContext, Connection } from './connection.ts'
import { asConnectionError } from './connection-error.ts'
import { type ChunkSource, openSource } from './decode-iterable.ts'
import { markDecoded } from './decoded.ts'
import { decoderOptions } from './http-connection.ts'
import { iterateUntilAborted } from './iterate-until-aborted.ts'
import { createRunRoutes } from './route-runs.ts'
import { createRunLane, type RunLane } from './run-lane.ts'

/** A backend that is asked here and answers there: a queue, a pub/sub service, a socket of yours. TanStack AI's subscribe/send adapters have this shape. */
export interface PushBackend {
  /** Chunks of all runs, one at a time or in arrays, until `signal` aborts; or a promise of them, which is waited for before anything is sent. */
  subscribe(signal: AbortSignal): ChunkSource | PromiseLike<ChunkSource>
  /** Asks for a run. Its chunks come through the subscription; what it throws or rejects with fails the run. */
  send(messages: UIMessage[], data: Record<string, unknown> | undefined, signal: AbortSignal, context: ConnectContext): PromiseLike<void> | void
}

interface Subscription {
  abort: AbortController
  /** Resolves when it listens, or never will. */
  ready: Promise<void>
}

/**
 * Connects to a backend that pushes. There is one subscription while there are runs, however many chats share it; a run is asked for once it listens.
 * A chunk belongs to the run of its `runId`; one without to the run that was the last to start (RUN_STARTED).
 * A run is over with its RUN_ERROR, or with the RUN_FINISHED that leaves nothing to do.
 *
 * The iterable it returns throws `ChatError`: `connection` for what `subscribe` or `send` throws, `truncated` or `network`
 * for a subscription that ends before the run, `protocol`.
 *
 * @example
 * const connection = pushConnection({
 *   subscribe: (signal) => events('/api/events', signal),
 *   send: (messages, data, signal, { input }) => post('/api/send', input, signal),
 * })
 */
export function pushConnection(backend: PushBackend): Connection {
  const routes = createRunRoutes()
  let subscription: Subscription | undefined

  function listen(): Subscription {
    const abort = new AbortController()
    const own: Subscription = { abort, ready: open(abort.signal) }
    return own

    async function open(signal: AbortSignal): Promise<void> {
      try {
        const source = await openSource(() => backend.subscribe(signal), signal)
        // A generator runs up to its first `await` at once.
        if (source) void pump(source, signal)
      } catch (error) {
        lose((lane) => lane.fail(asConnectionError(error)))
      }
    }

    async function pump(source: ChunkSource, signal: AbortSignal): Promise<void> {
      try {
        for await (const item of iterateUntilAborted(source, signal)) {
          for (const chunk of Array.isArray(item) ? (item as unknown[]) : [item]) routes.laneOf(chunk)?.push(chunk, true)
        }
        lose((lane) => lane.cut('the subscription ended'))
      } catch (error) {
        lose((lane) => lane.fail(asConnectionError(error)))
      }
    }

    /** The next run subscribes again. */
    function lose(tell: (lane: RunLane) => void): void {
      if (subscription !== own) return
      subscription = undefined
      routes.all().forEach(tell)
    }
  }

  async function* run([messages, data, signal, context]: Parameters<Connection['connect']>): AsyncGenerator<readonly Chunk[], void, void> {
    if (signal.aborted) return
    const lane = createRunLane({ runId: context.runId, decoder: agUi().createDecoder(decoderOptions(context)), signal, onWarning: context.onWarning })
    routes.open(lane)
    try {
      void ask((subscription ??= listen()))
      yield* lane.chunks()
    } finally {
      routes.close(lane, signal.aborted)
      if (routes.all().length === 0) {
        subscription?.abort.abort()
        subscription = undefined
      }
    }

    async function ask({ ready }: Subscription): Promise<void> {
      try {
        await ready
        if (!signal.aborted && !lane.isOver()) await backend.send(messages, data, signal, context)
      } catch (error) {
        lane.fail(asConnectionError(error))
      }
    }
  }

  return { connect: (...call) => markDecoded(run(call)) }
}
