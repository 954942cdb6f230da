import { type ConnectionFaults, faultProxy } from '@statechat/core/testing/fault-proxy'
import { memoryRunLog } from '@statechat/server'
import fc from 'fast-check'
import { setTimeout } from 'node:timers/promises'
import { chatOver } from './chat.ts'
import { coarseFaults } from './faults.ts'
import { wordsOf } from './model.ts'
import { urlOf } from './requests.ts'
import { startServer } from './server.ts'
import { ONCE, tally } from './tally.ts'
import { textOf } from './transcript.ts'
import { type OpenConnection, TRANSPORT_NAMES, TRANSPORTS } from './transports.ts'

export interface SoakOptions {
  seconds: number
  chats: number
  seed: number
}

const WORDS = 60
/** The longest pause before a question, in milliseconds. */
const THINK_MS = 40_000
const QUESTION = `Answer in ${WORDS} words of 0 characters.`
const EXPECTED = wordsOf(WORDS)

/** Asks one question after another in every chat until the time is over, and counts. */
export async function soak({ seconds, chats, seed }: SoakOptions) {
  const handlesBefore = await handles()
  // Room for what is closed beside a run for each chat: a client may come back for the end.
  const log = memoryRunLog({ maxRuns: 20 * chats + 1_000, maxBytes: 1024 * 1024 * 1024 })
  const { calls, hooks } = tally()
  const server = await startServer({ log, hooks })
  const plans = fc.sample(coarseFaults, { numRuns: 200, seed })
  const counts = { 'answers completed': 0, 'connections made': 0, 'connections broken on purpose': 0 }
  const wrong = { 'answers that failed': 0, 'lost tokens': 0, 'duplicated tokens': 0, 'extra model calls': 0, warnings: 0, 'leaked handles': 0 }
  const failures = new Map<string, number>()

  // One for each chat: what comes to its connections, one after the other, is a plan that a client gets through.
  const proxies = await Promise.all(
    Array.from({ length: chats }, async (_, index) => {
      const faults = plans
        .slice(index % plans.length)
        .concat(plans)
        .flatMap((plan) => [...plan, {}, {}])
      return faultProxy({ target: { port: server.port }, plan: ({ index }) => planned(faults[index % faults.length]!) })
    }),
  )
  function planned(faults: ConnectionFaults): ConnectionFaults {
    counts['connections made'] += 1
    if (faults.refuse || faults.request?.break || faults.answer?.break) counts['connections broken on purpose'] += 1
    return faults
  }

  const pauses = fc.sample(fc.integer({ min: 0, max: THINK_MS }), { numRuns: 10_000, seed })
  let taken = 0
  const pause = (index: number) => pauses[(index + taken++) % pauses.length]!
  const end = Date.now() + seconds * 1000
  await Promise.all(Array.from({ length: chats }, (_, index) => converse(index)))

  async function converse(index: number): Promise<void> {
    const url = urlOf(proxies[index]!.port)
    const connection: OpenConnection = TRANSPORTS[TRANSPORT_NAMES[index % TRANSPORT_NAMES.length]!](url)
    while (Date.now() < end) {
      // People think; a machine that is busy beyond its means shows its own limits, not ours.
      await setTimeout(Math.min(pause(index), end - Date.now()))
      await ask(connection)
    }
    connection.close?.()
  }

  async function ask(connection: OpenConnection): Promise<void> {
    const chat = chatOver(connection, { onWarning: () => void (wrong.warnings += 1) })
    const { outcome, error } = await chat.sendMessage(QUESTION)
    const words = textOf(chat.getSnapshot().messages).split(/(?<= )/)
    chat.dispose()
    if (outcome === 'finished') counts['answers completed'] += 1
    else {
      wrong['answers that failed'] += 1
      const why = `${outcome}: ${error?.message ?? ''}`
      failures.set(why, (failures.get(why) ?? 0) + 1)
    }
    const said = new Set(words)
    wrong['lost tokens'] += EXPECTED.filter((word) => !said.has(word)).length
    wrong['duplicated tokens'] += words.length - said.size
  }

  await Promise.all(proxies.map((proxy) => proxy.close()))
  await server.settled()
  await server.close()
  await log.dispose()
  const byRun = new Map<string, string[]>()
  for (const call of calls) {
    const [runId, what] = call.split(' ') as [string, string]
    byRun.set(runId, [...(byRun.get(runId) ?? []), what])
  }
  for (const made of byRun.values()) wrong['extra model calls'] += Math.max(0, made.length - ONCE.length)
  wrong['leaked handles'] = Math.max(0, (await handles(handlesBefore)) - handlesBefore)
  return { asked: { seconds, chats, seed }, counts, wrong, failures: Object.fromEntries(failures) }
}

/** Sockets, servers and timers that keep the process alive, once they are no more than `expected` or closing has had its time. */
async function handles(expected = 0): Promise<number> {
  for (let turn = 0; turn < 2_000; turn++) {
    const open = count()
    if (open <= expected) return open
    await new Promise((resolve) => setImmediate(resolve))
  }
  return count()
}
// What answers a look-up of `localhost`, and standard output, is not ours.
const count = () => process.getActiveResourcesInfo().filter((name) => /^(TCP|Pipe|Timeout|Immediate)/.test(name) && name !== 'Immediate').length
