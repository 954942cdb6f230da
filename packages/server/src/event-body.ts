import { encodeSse, encodeSseComment } from '@statechat/core/wire'
import { letGo } from './abortable.ts'
import type { Clock } from './clock.ts'
import { positionOf } from './run-log/position.ts'
import type { LoggedEvent } from './run-log/run-log.ts'

/** How events are written. One without a place in a log has `seq` 0, and no id. */
export interface EventFraming {
  opening: string
  heartbeat: string
  encode: (event: LoggedEvent) => string
}

const idOf = (event: LoggedEvent): string | undefined => (event.seq === 0 ? undefined : positionOf(event))

/** `retry` is how soon a browser's EventSource reconnects, in milliseconds. */
export const SSE_EVENTS: EventFraming = {
  opening: `${encodeSseComment('open')}retry: 1000\n\n`,
  heartbeat: encodeSseComment('keep-alive'),
  encode: (event) => encodeSse({ data: event.data, id: idOf(event) }),
}

/** As `encodeNdjson` writes it, without parsing the chunk. */
export const NDJSON_EVENTS: EventFraming = {
  opening: '',
  heartbeat: '\n',
  encode(event) {
    const id = idOf(event)
    return id === undefined ? `${event.data}\n` : `{"id":"${id}","chunk":${event.data}}\n`
  },
}

export interface EventBodyOptions {
  framing: EventFraming
  heartbeatMs: number
  /** Aborted when nobody reads any more; what aborts it from outside cuts the answer off. */
  reader: AbortController
  /** How much is sent at a time, in characters; at least one event. */
  readLength?: number | undefined
  clock: Clock
}

/** Logged events → bytes, no faster than they are taken. An answer that cannot be read to its end breaks off, so that nobody takes it for whole. */
export function eventBody(batches: AsyncIterable<readonly LoggedEvent[]>, options: EventBodyOptions): ReadableStream<Uint8Array> {
  const { framing, heartbeatMs, reader, readLength = 64 * 1024, clock } = options
  const iterator = batches[Symbol.asyncIterator]()
  const encoder = new TextEncoder()
  let batch: readonly LoggedEvent[] = []
  let at = 0
  let timer: unknown

  type Controller = ReadableStreamDefaultController<Uint8Array>
  const send = (controller: Controller, text: string) => controller.enqueue(encoder.encode(text))
  const stopTimer = () => clock.clearTimeout(timer)
  const startTimer = (controller: Controller) => {
    if (!(heartbeatMs > 0)) return
    timer = clock.setTimeout(() => {
      // A reader that has stopped reading needs none, and must not be left a heap of them.
      if ((controller.desiredSize ?? -1) >= 0) send(controller, framing.heartbeat)
      startTimer(controller)
    }, heartbeatMs)
  }
  function leave(): void {
    stopTimer()
    reader.abort()
    // It ends by the signal; this is for one that was never asked.
    letGo(iterator)
  }
  function take(): string {
    let text = ''
    do text += framing.encode(batch[at++]!)
    while (at < batch.length && text.length < readLength)
    return text
  }

  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        if (framing.opening !== '') send(controller, framing.opening)
      },
      async pull(controller) {
        try {
          while (at === batch.length) {
            startTimer(controller)
            const { done, value } = await iterator.next().finally(stopTimer)
            if (reader.signal.aborted) throw new Error('The connection was given up.')
            if (done) return controller.close()
            batch = value
            at = 0
          }
          send(controller, take())
        } catch (error) {
          controller.error(error)
          letGo(iterator)
        }
      },
      cancel: leave,
    },
    // No reading ahead: what the client has not taken stays in the log.
    { highWaterMark: 0 },
  )
}
