import { Redis } from 'ioredis'
import { freePort, startRedis } from './redis-server.ts'

const SLOTS = 16_384

/** A cluster of two nodes, half the slots each: scripts whose keys lie in several slots fail in it. */
export async function startCluster() {
  const buses = [await freePort(), await freePort()]
  const nodes = await Promise.all(buses.map((bus) => startRedis('--cluster-enabled', 'yes', '--cluster-port', String(bus))))
  const admins = nodes.map(({ port }) => new Redis(port))
  await admins[0]!.call('CLUSTER', 'ADDSLOTSRANGE', 0, SLOTS / 2 - 1)
  await admins[1]!.call('CLUSTER', 'ADDSLOTSRANGE', SLOTS / 2, SLOTS - 1)
  await admins[0]!.call('CLUSTER', 'MEET', '127.0.0.1', nodes[1]!.port, buses[1]!)
  await Promise.all(admins.map(isWhole))
  return {
    ports: nodes.map(({ port }) => port),
    /** Of each node. */
    keys: (pattern: string): Promise<string[][]> => Promise.all(admins.map((admin) => admin.keys(pattern))),
    async kill() {
      for (const admin of admins) admin.disconnect()
      await Promise.all(nodes.map((node) => node.kill()))
    },
  }
}

async function isWhole(admin: Redis): Promise<void> {
  let info: unknown
  do info = await admin.call('CLUSTER', 'INFO')
  while (!/cluster_state:ok[^]*cluster_slots_ok:16384[^]*cluster_known_nodes:2/.test(String(info)))
}
