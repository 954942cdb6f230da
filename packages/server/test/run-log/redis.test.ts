import { afterAll, beforeAll } from 'vitest'
import { redisRunLog } from '../../src/redis/index.ts'
import { runKeys } from '../../src/redis/keys.ts'
import { type Connection, packageNames, packages } from './redis-clients.ts'
import { type RedisServer, startRedis } from './redis-server.ts'
import { runLogSuite } from './suite.ts'

let server: RedisServer
let logs = 0
beforeAll(async () => {
  server = await startRedis()
})
afterAll(() => server.kill())

for (const name of packageNames) {
  let mine: Connection
  let theirs: Connection
  beforeAll(async () => {
    mine = await packages[name](server.port)
    theirs = await packages[name](server.port)
  })
  afterAll(() => Promise.all([mine.close(), theirs.close()]))

  runLogSuite(`redisRunLog with ${name}`, {
    schedules: 40,
    async makeLog() {
      const prefix = `test-${++logs}`
      const options = { prefix, pollMs: 50 }
      const log = redisRunLog(mine.client, options)
      const second = redisRunLog(theirs.client, options)
      return {
        log,
        second,
        lapse: async (runId) => void (await mine.send('HSET', runKeys(prefix, runId).run, 'lease', '0')),
        async expire(runId) {
          const { run, events } = runKeys(prefix, runId)
          await mine.send('DEL', run, events)
        },
        tick: () => {},
        dispose: async () => void (await Promise.all([log.dispose(), second.dispose()])),
      }
    },
  })
}
