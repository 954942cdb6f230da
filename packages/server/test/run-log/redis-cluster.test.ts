import { Cluster } from 'ioredis'
import { createCluster } from 'redis'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { fromIoredis, fromNodeRedis, type RedisClient, redisRunLog } from '../../src/redis/index.ts'
import { runKeys } from '../../src/redis/keys.ts'
import { startCluster } from './redis-cluster.ts'
import { runLogSuite } from './suite.ts'

interface ClusterConnection {
  client: RedisClient
  close(): void
}

const packages: Record<string, (ports: number[]) => Promise<ClusterConnection>> = {
  async ioredis(ports) {
    const cluster = new Cluster(ports.map((port) => ({ host: '127.0.0.1', port })))
    await cluster.cluster('INFO')
    return { client: fromIoredis(cluster), close: () => cluster.disconnect() }
  },
  async redis(ports) {
    const cluster = createCluster({ rootNodes: ports.map((port) => ({ socket: { host: '127.0.0.1', port } })) })
    cluster.on('error', () => {})
    await cluster.connect()
    return { client: fromNodeRedis(cluster), close: () => cluster.destroy() }
  },
}

let cluster: Awaited<ReturnType<typeof startCluster>>
let logs = 0
beforeAll(async () => {
  cluster = await startCluster()
})
afterAll(() => cluster.kill())

for (const [name, connect] of Object.entries(packages)) {
  let mine: ClusterConnection
  let theirs: ClusterConnection
  beforeAll(async () => {
    mine = await connect(cluster.ports)
    theirs = await connect(cluster.ports)
  })
  afterAll(() => {
    mine.close()
    theirs.close()
  })

  runLogSuite(`redisRunLog in a cluster with ${name}`, {
    schedules: 15,
    async makeLog() {
      const prefix = `test-${++logs}`
      const log = redisRunLog(mine.client, { prefix, pollMs: 50 })
      const second = redisRunLog(theirs.client, { prefix, pollMs: 50 })
      return {
        log,
        second,
        lapse: async (runId) => void (await mine.client.eval("redis.call('HSET', KEYS[1], 'lease', '0')", [runKeys(prefix, runId).run], [])),
        async expire(runId) {
          const { run, events } = runKeys(prefix, runId)
          await mine.client.eval("redis.call('DEL', KEYS[1], KEYS[2])", [run, events], [])
        },
        tick: () => {},
        dispose: async () => void (await Promise.all([log.dispose(), second.dispose()])),
      }
    },
  })

  it(`runs are spread over the nodes, and found from each, with ${name}`, async () => {
    const prefix = `spread-${name}`
    const [log, second] = [redisRunLog(mine.client, { prefix }), redisRunLog(theirs.client, { prefix })]
    const ids = Array.from({ length: 40 }, (_, i) => `run ${i}`)
    await Promise.all(ids.map((runId) => log.claim({ runId, threadId: 'one' })))
    for (const runId of ids) {
      expect(await second.status(runId)).toMatchObject({ status: 'open' })
      await log.append(runId, 1, 1, ['{}'])
      await log.close(runId, 1, 'finished')
    }
    for (const keys of await cluster.keys(`${prefix}:*`)) expect(keys.length).toBeGreaterThan(10)
    expect(await second.activeRun('one')).toBeNull()
    await Promise.all([log.dispose(), second.dispose()])
  })
}
