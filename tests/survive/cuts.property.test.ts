import type { Chat } from '@statechat/core'
import { gate } from '@statechat/core/testing'
import { faultProxy } from '@statechat/core/testing/fault-proxy'
import { memoryRunLog, type RunLog } from '@statechat/server'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chatOver, shown } from './support/chat.ts'
import { connectionFaults, joinFaults } from './support/faults.ts'
import { ownRedis } from './support/redis.ts'
import { unhurried, wordsOf } from './support/model.ts'
import { allowMs, holds, printSeed } from './support/runs.ts'
import { type ChatServer, startServer } from './support/server.ts'
import { ONCE, tally } from './support/tally.ts'
import { textOf, transcript } from './support/transcript.ts'
import { type OpenConnection, TRANSPORT_NAMES, TRANSPORTS } from './support/transports.ts'

printSeed()

const says = (words: number) => (chat: Chat) => textOf(chat.getSnapshot().messages) === wordsOf(words).join('')

const LOGS: Record<string, () => Promise<{ log: RunLog; close: () => Promise<void> }>> = {
  'the memory log': async () => ({ log: memoryRunLog(), close: async () => {} }),
  async 'the Redis log'() {
    const { log, close } = await ownRedis()
    return { log: log(), close }
  },
}

describe.each(Object.entries(LOGS))('over %s', (_log, openLog) => {
  /** Where in the text the model waits. */
  let held: { words: number; until: PromiseLike<unknown> } | undefined
  const { calls, hooks } = tally(async (at, signal) => {
    if (at.place === 'text' && at.index === held?.words) await held.until
    await unhurried(at, signal)
  })
  const called = () => calls.map((call) => call.split(' ')[1]).sort()
  let own: Awaited<ReturnType<typeof openLog>>
  let server: ChatServer
  beforeAll(async () => {
    own = await openLog()
    server = await startServer({ log: own.log, hooks })
  })
  afterAll(async () => {
    await server.close()
    await own.log.dispose()
    await own.close()
  })

  /** One question, answered over whatever comes to the connections. */
  async function ask(connection: OpenConnection) {
    calls.length = 0
    held = undefined
    const warnings: unknown[] = []
    const chat = chatOver(connection, { onWarning: (warning) => void warnings.push(warning) })
    const { outcome, error } = await chat.sendMessage('How is it?')
    const said = transcript(chat.getSnapshot().messages)
    chat.dispose()
    connection.close?.()
    return { outcome, error: error?.message, said, warnings, called: called() }
  }

  it.each(TRANSPORT_NAMES)(
    '%s: whatever breaks, the transcript is that of a run that nothing broke, of one call of the model',
    async (name) => {
      const uncut = await ask(TRANSPORTS[name](server.url))
      expect(uncut).toMatchObject({ outcome: 'finished', warnings: [], called: ONCE })
      await holds(connectionFaults, async (faults) => {
        const proxy = await faultProxy({ target: { port: server.port }, plan: ({ index }) => faults[index] ?? {} })
        const broken = await ask(TRANSPORTS[name](server.url.replace(String(server.port), String(proxy.port))))
        await proxy.close()
        expect(broken).toEqual(uncut)
      })
    },
    allowMs(2_000),
  )

  it.each(TRANSPORT_NAMES)(
    '%s: a page that is opened anew in the middle, whenever, shows what the first would have shown',
    async (name) => {
      const uncut = await ask(TRANSPORTS[name](server.url))
      await holds(fc.tuple(fc.integer({ min: 1, max: 250 }), connectionFaults, joinFaults), async ([words, first, second]) => {
        calls.length = 0
        const opened = gate()
        held = { words, until: opened.happened() }
        let faults = first
        const proxy = await faultProxy({ target: { port: server.port }, plan: () => faults.shift() ?? {} })
        const url = server.url.replace(String(server.port), String(proxy.port))
        const threadId = `thread-${crypto.randomUUID()}`
        const [before, after] = [TRANSPORTS[name](url), TRANSPORTS[name](url)] as [OpenConnection, OpenConnection]

        const left = chatOver(before, { threadId })
        void left.sendMessage('How is it?')
        await shown(left, says(words))
        const [question] = left.getSnapshot().messages
        left.dispose()
        before.close?.()

        faults = second
        const warnings: unknown[] = []
        const chat = chatOver(after, { threadId, resume: true, initialMessages: [question!], onWarning: (warning) => void warnings.push(warning) })
        chat.attach()
        await shown(chat, says(words))
        await opened.open()
        await shown(chat, ({ getSnapshot }) => !getSnapshot().isLoading)
        expect(transcript(chat.getSnapshot().messages)).toEqual(uncut.said)
        expect([warnings, called()]).toEqual([[], ONCE])
        chat.dispose()
        after.close?.()
        await proxy.close()
      })
    },
    allowMs(2_000),
  )
})
