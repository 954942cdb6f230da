/**
 * What an attached inspector costs: an answer of 2,000 deltas, one a read, after 10 and after 10,000 messages; without an inspector, with one that does
 * nothing, with one that makes JSON of everything at once, and with `@statelyai/inspect`. Prints JSON: microseconds and characters per machine event.
 *
 * node scripts/measure-inspector.js
 */
import { createChat, type Inspector, preload } from '@statechat/core'
import { settled } from '@statechat/core/testing'
import { createInspector } from '@statelyai/inspect'
import { conversation } from './conversation.ts'

const DELTAS = 2_000
const ROUNDS = 9

interface Figure {
  messages: number
  inspector: string
  microsecondsPerRead: number
  charactersPerEvent?: number
  events?: number
}

async function answer(messages: number, inspect: Inspector | undefined): Promise<number> {
  const chat = createChat({
    initialMessages: conversation(messages),
    inspect,
    connection: {
      async *connect() {
        yield { type: 'RUN_STARTED', threadId: 't', runId: 'r' }
        yield { type: 'TEXT_MESSAGE_START', messageId: 'a' }
        for (let i = 0; i < DELTAS; i++) {
          yield { type: 'TEXT_MESSAGE_CONTENT', messageId: 'a', delta: 'word ' }
          // A read of its own.
          await new Promise((resolve) => setImmediate(resolve))
        }
        yield { type: 'TEXT_MESSAGE_END', messageId: 'a' }
        yield { type: 'RUN_FINISHED', threadId: 't', runId: 'r' }
      },
    },
  })
  chat.subscribe(() => {})
  const start = process.cpuUsage()
  await chat.sendMessage('Go')
  await settled()
  // Inspectors put their work off: it counts, and not for the next one.
  await new Promise((resolve) => setTimeout(resolve, 5))
  const { user, system } = process.cpuUsage(start)
  const part = chat.getSnapshot().messages.at(-1)?.parts[0]
  if (part?.type !== 'text' || part.content.length !== DELTAS * 5) throw new Error('The answer is not whole.')
  chat.dispose()
  await new Promise((resolve) => setTimeout(resolve, 5))
  return (user + system) / DELTAS
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
const round = (value: number) => Math.round(value * 10) / 10

let characters = 0
let events = 0
const INSPECTORS: Record<string, () => Inspector | undefined> = {
  none: () => undefined,
  'does nothing': () => () => {},
  'makes JSON at once': () => (event) => {
    const { actorRef: _, ...data } = event
    events++
    characters += JSON.stringify(data).length
  },
  '@statelyai/inspect': () =>
    createInspector(
      {
        send(event) {
          events++
          characters += JSON.stringify(event).length
        },
      },
      { serializationDepthLimit: 30 },
    ).inspect,
}

await preload()
const samples = new Map<string, number[]>()
const figures: Figure[] = []
const cases = [10, 10_000].flatMap((messages) => Object.keys(INSPECTORS).map((inspector) => ({ messages, inspector })))
// Rounds are interleaved, so that a busy moment of the machine hits all alike; the first warms up.
for (let i = 0; i <= ROUNDS; i++) {
  for (const { messages, inspector } of cases) {
    const time = await answer(messages, INSPECTORS[inspector]!())
    if (i > 0) samples.set(`${messages} ${inspector}`, [...(samples.get(`${messages} ${inspector}`) ?? []), time])
  }
}
for (const { messages, inspector } of cases) {
  characters = events = 0
  await answer(messages, INSPECTORS[inspector]!())
  figures.push({
    messages,
    inspector,
    microsecondsPerRead: round(median(samples.get(`${messages} ${inspector}`)!)),
    ...(events > 0 && { charactersPerEvent: Math.round(characters / events), events }),
  })
}
console.log(JSON.stringify({ deltas: DELTAS, rounds: ROUNDS, node: process.version, figures }, null, 2))
