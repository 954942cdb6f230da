import { type AddressInfo, createServer, type Socket } from 'node:net'
import { systemTimers, type Timers } from '../../src/bytes/timers.ts'
import { checkFaults, type ConnectionFaults, type Direction } from './faults.ts'
import { type Relay, relay } from './relay.ts'

/** Where a proxy passes connections on to. */
export interface Target {
  port: number
  /** Default `127.0.0.1`. */
  host?: string | undefined
}

export interface FaultProxyOptions {
  target: Target
  /** What shall happen to each connection, when it comes; `index` counts from 0. Default: nothing. A fixed object is for every one. */
  plan?: ConnectionFaults | ((connection: { readonly index: number }) => ConnectionFaults) | undefined
  /** For `delayMs` and `closeAfterMs`. Default: real time. */
  clock?: Timers | undefined
}

export interface FaultProxy {
  readonly port: number
  /** `http://127.0.0.1:<port>` */
  readonly url: string
  /** How many connections have come, refused ones among them. */
  readonly connections: number
  /** How many are open. */
  readonly open: number
  /** Ends every open connection (FIN). What is on its way already arrives. */
  cutAll(): void
  /** Tears every open connection (RST). */
  resetAll(): void
  /** Passes no more bytes, that way or both ways, of open connections and of those to come. They stay open. */
  stall(direction?: Direction): void
  /** Ends every stall, also those of the plan; what was held is passed. */
  resume(): void
  /** Resets new connections, or takes them again. */
  refuse(on: boolean): void
  /** Where the next connections go: a server that was started again. */
  retarget(target: Target): void
  /** Stops listening and closes what is open; resolves when nothing is left. */
  close(): Promise<void>
}

const BOTH: readonly Direction[] = ['request', 'answer']

/**
 * A TCP proxy on loopback that breaks what goes through it, on order or by plan: for tests over real sockets of what a bad network does.
 * It knows bytes, not protocols: HTTP, server-sent events and WebSockets go through it alike. Node only.
 * Throws `RangeError` for a plan that cannot be meant: at once for a fixed one; `close()` rejects with what a function gave, or threw.
 *
 * @example
 * const proxy = await faultProxy({ target: { port }, plan: ({ index }) => (index === 0 ? { answer: { break: { after: 700, by: 'reset' } } } : {}) })
 * const chat = createChat({ connection: fetchServerSentEvents(`${proxy.url}/api/chat`, { resumable: true }) })
 * await chat.sendMessage('Hi')
 * await proxy.close()
 */
export async function faultProxy({ target, plan = {}, clock = systemTimers }: FaultProxyOptions): Promise<FaultProxy> {
  const relays = new Set<Relay>()
  const stalled = new Set<Direction>()
  let { port: targetPort, host: targetHost = '127.0.0.1' } = target
  let isRefusing = false
  let connections = 0
  let failure: { readonly by: unknown } | undefined
  if (typeof plan !== 'function') checkFaults(plan)

  function faultsOf(index: number): ConnectionFaults {
    if (typeof plan !== 'function') return plan
    try {
      const faults = plan({ index })
      checkFaults(faults)
      return faults
    } catch (by) {
      failure ??= { by }
      return { refuse: true }
    }
  }

  function accept(client: Socket) {
    const faults = faultsOf(connections++)
    if (isRefusing || faults.refuse) return void client.on('error', () => {}).resetAndDestroy()
    const added = relay(client, { port: targetPort, host: targetHost, faults, clock, stalled })
    relays.add(added)
    void added.closed.then(() => relays.delete(added))
  }

  const server = createServer({ noDelay: true, allowHalfOpen: true }, accept)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => resolve())
  })
  const { port } = server.address() as AddressInfo

  return {
    port,
    url: `http://127.0.0.1:${port}`,
    get connections() {
      return connections
    },
    get open() {
      return relays.size
    },
    cutAll() {
      for (const each of relays) each.break('cut')
    },
    resetAll() {
      for (const each of relays) each.break('reset')
    },
    stall(direction) {
      for (const each of direction ? [direction] : BOTH) {
        stalled.add(each)
        for (const { valves } of relays) valves[each].shut()
      }
    },
    resume() {
      stalled.clear()
      for (const { valves } of relays) for (const each of BOTH) valves[each].open()
    },
    refuse: (on) => void (isRefusing = on),
    retarget: ({ port: nextPort, host = '127.0.0.1' }) => void ([targetPort, targetHost] = [nextPort, host]),
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const each of relays) each.destroy()
      await Promise.all([closed, ...[...relays].map((each) => each.closed)])
      if (failure) throw failure.by
    },
  }
}
