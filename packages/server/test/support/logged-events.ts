import { EventSchemas } from '@ag-ui/core/schemas'
import { createSseDecoder, type Frame } from '@statechat/core/wire'
import type { Chunk } from '../../src/index.ts'

/** An event as a client has it. */
export interface ReceivedEvent {
  id: string | undefined
  chunk: Chunk
}

const received = ({ id, data }: Frame): ReceivedEvent => ({ id, chunk: EventSchemas.parse(JSON.parse(data)) as unknown as Chunk })

/** Reads an answer one event at a time. */
export function eventReader(response: Response) {
  const reader = response.body!.getReader()
  const decoder = createSseDecoder()
  const waiting: ReceivedEvent[] = []
  return {
    /** `undefined` at the end. Throws when the connection is cut. */
    async next(): Promise<ReceivedEvent | undefined> {
      while (waiting.length === 0) {
        const { done, value } = await reader.read()
        if (done) return undefined
        waiting.push(...decoder.feed(value).map(received))
      }
      return waiting.shift()
    },
    async take(count: number): Promise<ReceivedEvent[]> {
      const events: ReceivedEvent[] = []
      for (let event = await this.next(); event !== undefined; event = await this.next()) {
        events.push(event)
        if (events.length === count) break
      }
      return events
    },
    rest(): Promise<ReceivedEvent[]> {
      return this.take(Infinity)
    },
    leave: () => reader.cancel(),
  }
}

export const eventsOf = (response: Response): Promise<ReceivedEvent[]> => eventReader(response).rest()

/** Ids of events in a row. */
export const ids = (from: number, to: number, epoch = 1): string[] => Array.from({ length: to - from + 1 }, (_, i) => `${epoch}-${from + i}`)
