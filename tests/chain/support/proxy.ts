import { connect, createServer, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import { addressOf, listen } from './serve.ts'

/** What the link does to the bytes that come from the server, on one connection. */
export interface Fault {
  /** How many of them get through before the connection is closed. */
  cutAfter?: number
  /** How it is closed: with a FIN, as a server does that crashes, or with a RST, as a network does. Default `close`. */
  by?: 'close' | 'reset'
  /** Length of the pieces in which they get through. */
  piece?: number
}

export interface Link {
  url: string
  /** What came from the server, per connection. */
  readonly received: readonly Buffer[]
  /** Cuts every connection now. */
  cut(): void
  /** Cuts, and takes no more connections. */
  close(): Promise<void>
}

/** A TCP proxy: between a client and a server, with a fault for each connection in turn, and none when there are no more. */
export async function link(target: string, ...faults: Fault[]): Promise<Link> {
  const { hostname, port } = new URL(target)
  const received: Buffer[] = []
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const number = received.push(Buffer.alloc(0)) - 1
    const fault = faults[number] ?? {}
    const upstream = connect(Number(port), hostname)
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('error', () => other.destroy())
      socket.on('close', () => {
        sockets.delete(socket)
        other.destroy()
      })
    }
    client.pipe(upstream)
    void passOn({ upstream, client, fault, note: (bytes) => (received[number] = Buffer.concat([received[number]!, bytes])) })
  })
  await listen(server)
  const cut = () => sockets.forEach((socket) => socket.destroy())
  const close = async () => {
    if (!server.listening) return
    const closed = new Promise((resolve) => server.close(resolve))
    cut()
    await closed
  }
  const url = addressOf(server)
  onTestFinished(close)
  return { url, received, cut, close }
}

interface Direction {
  upstream: Socket
  client: Socket
  fault: Fault
  note: (bytes: Buffer) => void
}

async function passOn({ upstream, client, fault: { cutAfter = Infinity, by = 'close', piece = Infinity }, note }: Direction): Promise<void> {
  let left = cutAfter
  const close = () => {
    if (by === 'reset') client.resetAndDestroy()
    else client.destroy()
    upstream.destroy()
  }
  if (left === 0) return close()
  try {
    for await (const bytes of upstream as AsyncIterable<Buffer>) {
      note(bytes)
      const through = bytes.subarray(0, left)
      left -= through.length
      for (let at = 0; at < through.length; at += piece) await written(client, through.subarray(at, at + piece))
      if (left === 0) return close()
    }
    client.end()
  } catch {
    client.destroy()
  }
}

/** Written, and read by whoever reads it, as far as one can see from here. */
async function written(socket: Socket, bytes: Buffer): Promise<void> {
  await new Promise<void>((resolve, reject) => socket.write(bytes, (error) => (error ? reject(error) : resolve())))
  await new Promise(setImmediate)
}
