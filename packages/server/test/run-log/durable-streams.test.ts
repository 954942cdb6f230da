import { DurableStreamTestServer } from '@durable-streams/server'
import { afterAll, beforeAll } from 'vitest'
import { durableStreamsLog } from './durable-streams-log.ts'
import { runLogSuite } from './suite.ts'

const server = new DurableStreamTestServer({ port: 0, longPollTimeout: 200 })
let logs = 0
beforeAll(() => server.start())
afterAll(() => server.stop())

runLogSuite('a log over a server of Durable Streams', {
  schedules: 40,
  lacks: { onCancel: 'the protocol wakes readers of a stream, not its producer' },
  async makeLog() {
    const url = `${server.url}/log-${++logs}`
    let now = 0
    const log = durableStreamsLog(url, { now: () => now })
    const second = durableStreamsLog(url, { now: () => now })
    return {
      log,
      second,
      async lapse() {
        now += log.leaseMs
      },
      async expire(runId) {
        for (const kind of ['run', 'facts']) await fetch(`${url}/${kind}-${encodeURIComponent(runId)}`, { method: 'DELETE' })
      },
      tick() {
        now += 1
      },
      dispose: async () => void (await Promise.all([log.dispose(), second.dispose()])),
    }
  },
})
