import { type ConnectionFaults, faultProxy } from '@statechat/core/testing/fault-proxy'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { chatOver } from './support/chat.ts'
import type { Hold } from './support/child.ts'
import { connectionFaults } from './support/faults.ts'
import { wordsOf } from './support/model.ts'
import { type ServerProcess, serverProcesses } from './support/processes.ts'
import { ownRedis } from './support/redis.ts'
import { urlOf } from './support/requests.ts'
import { allowMs, holds, printSeed } from './support/runs.ts'
import { ONCE } from './support/tally.ts'
import { textOf, transcript } from './support/transcript.ts'
import { type OpenConnection, TRANSPORT_NAMES, type TransportName, TRANSPORTS } from './support/transports.ts'

printSeed()

const LEASE_MS = 1_000
const FULL_TEXT = wordsOf(300).join('')

interface Schedule {
  transport: TransportName
  /** Where the model is when its process is killed. */
  hold: Hold
  /** The page has heard nothing by then. */
  isDeaf: boolean
  faults: ConnectionFaults[]
}

const hold: fc.Arbitrary<Hold> = fc.oneof(
  fc.record({ place: fc.constantFrom('called' as const, 'tool' as const, 'finish' as const, 'close' as const), index: fc.constant(0) }),
  fc.record({ place: fc.constant('reasoning' as const), index: fc.nat(19) }),
  fc.record({ place: fc.constant('text' as const), index: fc.nat(299) }),
)
const schedule: fc.Arbitrary<Schedule> = fc.record({
  transport: fc.constantFrom(...TRANSPORT_NAMES),
  hold,
  isDeaf: fc.boolean(),
  faults: connectionFaults,
})

let redis: Awaited<ReturnType<typeof ownRedis>>
let processes: Awaited<ReturnType<typeof serverProcesses>>
let survivor: ServerProcess
beforeAll(async () => {
  redis = await ownRedis()
  processes = await serverProcesses()
  survivor = await processes.start({ redisUrl: redis.url, leaseMs: LEASE_MS, holds: [] })
})
afterAll(async () => {
  await processes.close()
  await redis.close()
})

/** One question to a process that is killed while it answers; another one is there for what comes after. */
async function ask({ transport, hold, isDeaf, faults }: Schedule) {
  const before = survivor.calls.length
  const victim = await processes.start({ redisUrl: redis.url, leaseMs: LEASE_MS, holds: [hold] })
  const proxy = await faultProxy({ target: { port: victim.port }, plan: ({ index }) => faults[index] ?? {} })
  // A WebSocket has to hear that it is open before it asks.
  if (isDeaf && transport !== 'WebSocket') proxy.stall('answer')
  const connection: OpenConnection = TRANSPORTS[transport](urlOf(proxy.port))
  const chat = chatOver(connection)
  const turn = chat.sendMessage('How is it?')
  await victim.held()
  proxy.retarget({ port: survivor.port })
  await victim.kill()
  proxy.resetAll()
  proxy.resume()
  const { outcome, error } = await turn
  const messages = chat.getSnapshot().messages
  chat.dispose()
  connection.close?.()
  await proxy.close()
  const called = [...victim.calls, ...survivor.calls.slice(before)].map((call) => call.split(' ')[1]).sort()
  return { end: outcome === 'finished' ? outcome : error?.serverCode, text: textOf(messages), messages, called }
}

it(
  'a run whose process is killed ends whole, or with an error that says so; nothing is lost unsaid, doubled, or made twice',
  async () => {
    const { messages: whole } = await ask({ transport: 'fetch, NDJSON', hold: { place: 'close', index: 0 }, isDeaf: false, faults: [] })
    await holds(schedule, async (schedule) => {
      const { end, text, messages, called } = await ask(schedule)
      expect(FULL_TEXT.startsWith(text)).toBe(true)
      expect(new Set(called).size).toBe(called.length)
      if (['finish', 'text'].includes(schedule.hold.place)) expect(called).toEqual(ONCE)
      expect(end).toBe(schedule.hold.place === 'close' ? 'finished' : 'producer_lost')
      if (end === 'finished') expect(transcript(messages)).toEqual(transcript(whole))
    })
  },
  allowMs(8_000),
)
