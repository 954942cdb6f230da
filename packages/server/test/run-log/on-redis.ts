import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import type { LoggedEvent, RunLog } from '../../src/run-log/run-log.ts'
import { type RedisClient, redisRunLog, type RedisRunLogOptions } from '../../src/redis/index.ts'
import { type RunKeys, runKeys } from '../../src/redis/keys.ts'
import { type Connection, type packageNames, packages } from './redis-clients.ts'
import { type RedisServer, startRedis } from './redis-server.ts'
import { expectSoon, RUN } from './suite/log-under-test.ts'

let logs = 0

/** A server for the tests of one `describe`, and for each test two connections with one package, as two processes have. */
export function onRedis(name: (typeof packageNames)[number]) {
  const open: RunLog[] = []
  let server: RedisServer
  let admin: Connection
  let mine: Connection
  let theirs: Connection
  let prefix: string

  const lines = async (...command: string[]) =>
    String(await admin.send(...command))
      .split('\n')
      .filter((line) => line !== '')
  const clients = () => lines('CLIENT', 'LIST')
  const redis = {
    get mine(): RedisClient {
      return mine.client
    },
    get theirs(): RedisClient {
      return theirs.client
    },
    get keys(): RunKeys {
      return runKeys(prefix, RUN.runId)
    },
    get prefix(): string {
      return prefix
    },
    send: <T>(...command: string[]) => admin.send(...command) as Promise<T>,
    restart: () => server.restart(),
    /** How many there are, this one's own for `send` among them. */
    connections: async () => (await clients()).length,
    subscribers: async () => (await lines('CLIENT', 'LIST', 'TYPE', 'pubsub')).length,
    /** Resolves when somebody has subscribed. */
    subscribed: (channel: string) =>
      soon(
        async () => (await admin.send('PUBSUB', 'NUMSUB', channel)) as [string, number],
        ([, count]) => count > 0,
      ),
  }

  /** But for this one's own for `send`. Says which is not, before the hook is given up for another reason. */
  async function allClosed() {
    const until = performance.now() + 8_000
    for (let open = await clients(); open.length > 1; open = await clients()) {
      if (performance.now() > until) throw new Error(`There are connections that nobody has closed:\n${open.join('\n')}`)
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  beforeAll(async () => {
    server = await startRedis()
    admin = await packages.ioredis(server.port)
  })
  beforeEach(async () => {
    prefix = `test-${++logs}`
    mine = await packages[name](server.port)
    theirs = await packages[name](server.port)
  })
  afterEach(async () => {
    await Promise.all(open.splice(0).map((log) => log.dispose()))
    await Promise.all([mine.close(), theirs.close()])
    await allClosed()
  })
  afterAll(async () => {
    await admin.close()
    await server.kill()
  })

  return {
    redis,
    /** It is disposed of after its test. */
    makeLog(client: RedisClient, options: RedisRunLogOptions = {}): RunLog {
      const log = redisRunLog(client, { prefix, ...options })
      open.push(log)
      return log
    },
  }
}

/** Looks until it is as expected; time is the server's. */
export const soon = <T>(look: () => Promise<T>, isIt: (seen: T) => boolean): Promise<T> => expectSoon({ tick: () => {} }, look, isIt)

export const read = (log: RunLog, after = 0): AsyncIterator<readonly LoggedEvent[]> =>
  log.read(RUN.runId, after, new AbortController().signal)[Symbol.asyncIterator]()

export const next = async (reading: AsyncIterator<readonly LoggedEvent[]>): Promise<readonly LoggedEvent[]> =>
  (await reading.next()).value as readonly LoggedEvent[]
