import { once } from 'node:events'
import { createServer as createHttpServer, get } from 'node:http'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { manualClock } from '../manual-clock.ts'
import { faultProxy, type FaultProxyOptions } from './index.ts'
import { reset } from './reset.ts'

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}

/** A server whose connections the test holds, behind a proxy. */
async function behindProxy(options: Omit<FaultProxyOptions, 'target'> = {}) {
  const taken: Socket[] = []
  const waiting: ((socket: Socket) => void)[] = []
  const server = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => {
    socket.on('error', () => {})
    onTestFinished(() => void socket.destroy())
    const take = waiting.shift()
    if (take) take(socket)
    else taken.push(socket)
  })
  const port = await listen(server)
  const proxy = await faultProxy({ target: { port }, ...options })
  onTestFinished(() => proxy.close().catch(() => {}))
  const nextServerSide = () => new Promise<Socket>((resolve) => (taken.length > 0 ? resolve(taken.shift()!) : waiting.push(resolve)))
  return { proxy, nextServerSide }
}

function dial(port: number): Socket {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true })
  socket.on('error', () => {})
  onTestFinished(() => void socket.destroy())
  return socket
}

/** What a socket gets: `until(text)` waits for it, `ending` is how it ended. */
function reader(socket: Socket) {
  const reads: string[] = []
  const watchers = new Set<() => void>()
  const told = () => watchers.forEach((tell) => tell())
  socket.on('data', (read: Buffer) => void (reads.push(read.toString()), told()))
  const ending = new Promise<string>((resolve) => {
    socket.once('end', () => resolve('FIN'))
    socket.once('error', (error) => resolve((error as NodeJS.ErrnoException).code!))
  })
  const text = () => reads.join('')
  const until = (expected: string) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (text() !== expected) return
        watchers.delete(look)
        resolve()
      }
      watchers.add(look)
      look()
    })
  return { reads, text, until, ending }
}

/** So many turns of the event loop that bytes on loopback would have come. */
async function manyTurns() {
  for (let turn = 0; turn < 100; turn++) await new Promise((resolve) => setImmediate(resolve))
}

/** One connection, seen from both ends. */
async function connected(options: Omit<FaultProxyOptions, 'target'> = {}) {
  const { proxy, nextServerSide } = await behindProxy(options)
  const client = dial(proxy.port)
  const server = await nextServerSide()
  return { proxy, client, server, atClient: reader(client), atServer: reader(server), nextServerSide }
}

describe('a proxy without a plan', () => {
  it('passes bytes both ways, and each half-close', async () => {
    const { client, server, atClient, atServer, proxy } = await connected()
    client.end('question')
    await atServer.until('question')
    expect(await atServer.ending).toBe('FIN')
    server.end('answer')
    await atClient.until('answer')
    expect(await atClient.ending).toBe('FIN')
    await expect.poll(() => proxy.open).toBe(0)
    expect(proxy.connections).toBe(1)
  })

  it('carries HTTP, and no more than a reader takes', async () => {
    const page = 'x'.repeat(3_000_000)
    let isDrained = false
    const http = createHttpServer((_request, response) => {
      response.once('drain', () => (isDrained = true))
      response.write(page)
      response.end('.')
    })
    const proxy = await faultProxy({ target: { port: await listen(http) } })
    onTestFinished(() => proxy.close())
    const response = await new Promise<import('node:http').IncomingMessage>((resolve) => get(proxy.url, { agent: false }, resolve))
    await manyTurns()
    expect(isDrained).toBe(false)
    let length = 0
    for await (const read of response) length += (read as Buffer).length
    expect(length).toBe(page.length + 1)
  })

  it('passes what the server breaks', async () => {
    const { server, atClient } = await connected()
    server.resetAndDestroy()
    expect(await atClient.ending).toBe('ECONNRESET')
  })
})

describe('a connection breaks', () => {
  it.each([
    ['cut', 'FIN'],
    ['reset', 'ECONNRESET'],
  ] as const)('after so many bytes of the answer: %s is %s', async (by, ending) => {
    const { client, server, atClient, atServer } = await connected({ plan: { answer: { break: { after: 5, by } } } })
    client.write('question')
    await atServer.until('question')
    server.write('answer')
    expect(await atClient.ending).toBe(ending)
    expect(atClient.text()).toBe('answe')
    expect(await atServer.ending).toBe(ending)
  })

  it('after so many bytes of the request, also before the first', async () => {
    const { client, atClient, atServer } = await connected({ plan: { request: { break: { after: 0, by: 'cut' } } } })
    client.write('question')
    expect(await atServer.ending).toBe('FIN')
    expect(await atClient.ending).toBe('FIN')
    expect(atServer.text()).toBe('')
  })

  it('at any byte, and everything before it arrives', async () => {
    const answer = Array.from({ length: 40 }, (_, index) => String.fromCharCode(65 + index)).join('')
    await fc.assert(
      fc.asyncProperty(fc.nat(answer.length - 1), fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }), async (after, split) => {
        const { proxy, server, atClient } = await connected({ plan: { answer: { split, break: { after, by: 'cut' } } } })
        server.write(answer)
        await atClient.ending
        expect(atClient.text()).toBe(answer.slice(0, after))
        await proxy.close()
      }),
      { numRuns: 25 },
    )
  })

  it.each([
    ['cutAll', 'FIN'],
    ['resetAll', 'ECONNRESET'],
  ] as const)('now: %s()', async (method, ending) => {
    const { proxy, server, atClient, atServer } = await connected()
    server.write('half')
    await atClient.until('half')
    proxy[method]()
    expect([await atClient.ending, await atServer.ending]).toEqual([ending, ending])
    server.write(' an answer')
    await manyTurns()
    expect(atClient.text()).toBe('half')
  })

  it('when it is too old, on the clock of the test', async () => {
    const clock = manualClock()
    const { proxy, server, client, atClient } = await connected({ clock, plan: { closeAfterMs: 200 } })
    await clock.advance(199)
    server.write('still here')
    await atClient.until('still here')
    await clock.advance(1)
    expect(await atClient.ending).toBe('FIN')
    client.end()
    server.end()
    await expect.poll(() => proxy.open).toBe(0)
    expect(clock.due).toBe(0)
  })
})

describe('a stall', () => {
  it('holds one direction, and gives what it held', async () => {
    const { proxy, client, server, atClient, atServer } = await connected()
    proxy.stall('answer')
    server.write('held')
    client.write('passes')
    await atServer.until('passes')
    await manyTurns()
    expect(atClient.text()).toBe('')
    proxy.resume()
    await atClient.until('held')
  })

  it('is for connections to come too', async () => {
    const { proxy, nextServerSide } = await behindProxy()
    proxy.stall()
    const client = dial(proxy.port)
    client.write('question')
    const atServer = reader(await nextServerSide())
    await manyTurns()
    expect(atServer.text()).toBe('')
    proxy.resume()
    await atServer.until('question')
  })

  it('begins at a byte, by plan', async () => {
    const { proxy, server, atClient } = await connected({ plan: { answer: { break: { after: 3, by: 'stall' } } } })
    server.write('answer')
    await atClient.until('ans')
    await manyTurns()
    expect(atClient.text()).toBe('ans')
    proxy.resume()
    await atClient.until('answer')
  })

  it('can be cut', async () => {
    const { proxy, server, atClient } = await connected()
    proxy.stall()
    server.write('lost')
    await manyTurns()
    proxy.cutAll()
    expect(await atClient.ending).toBe('FIN')
    expect(atClient.text()).toBe('')
  })
})

describe('pieces', () => {
  it('are as long as the plan says, down to one byte', async () => {
    const { client, server, atClient, atServer } = await connected({ plan: { answer: { split: [1] }, request: { split: [2, 3] } } })
    client.write('question')
    await atServer.until('question')
    server.write('€')
    server.end()
    await atClient.ending
    expect(atServer.reads).toEqual(['qu', 'est', 'io', 'n'])
    // Three bytes, none of them a character.
    expect(atClient.reads).toHaveLength(3)
  })

  it('are late, on the clock of the test', async () => {
    const clock = manualClock()
    const { server, atClient } = await connected({ clock, plan: { answer: { split: [3], delayMs: 50 } } })
    server.write('answer')
    await expect.poll(() => clock.due).toBe(1)
    await clock.advance(49)
    expect(atClient.text()).toBe('')
    await clock.advance(1)
    await atClient.until('ans')
    await expect.poll(() => clock.due).toBe(1)
    await clock.advance(50)
    await atClient.until('answer')
  })
})

describe('new connections', () => {
  it('are refused, all or by plan, and counted', async () => {
    const { proxy, nextServerSide } = await behindProxy({ plan: ({ index }) => ({ refuse: index === 1 }) })
    proxy.refuse(true)
    expect(await reader(dial(proxy.port)).ending).toBe('ECONNRESET')
    proxy.refuse(false)
    expect(await reader(dial(proxy.port)).ending).toBe('ECONNRESET')
    dial(proxy.port).write('third')
    await reader(await nextServerSide()).until('third')
    expect(proxy.connections).toBe(3)
  })

  it('go to a server that was started again', async () => {
    const { proxy } = await connected()
    const gone = createServer()
    const port = await listen(gone)
    gone.close()
    await once(gone, 'close')
    proxy.retarget({ port })
    expect(await reader(dial(proxy.port)).ending).toBe('ECONNRESET')

    const next = createServer((socket) => socket.on('error', () => {}).end('I am new'))
    proxy.retarget({ port: await listen(next) })
    await reader(dial(proxy.port)).until('I am new')
  })

  it('get each its own plan', async () => {
    const { proxy, nextServerSide } = await behindProxy({ plan: ({ index }) => ({ answer: { break: { after: index, by: 'cut' } } }) })
    const texts: string[] = []
    for (let index = 0; index < 3; index++) {
      const client = reader(dial(proxy.port))
      const server = await nextServerSide()
      server.write('abc')
      await client.ending
      texts.push(client.text())
    }
    expect(texts).toEqual(['', 'a', 'ab'])
  })
})

describe('close()', () => {
  it('leaves nothing open, whatever was going on', async () => {
    const clock = manualClock()
    const { proxy, client, server } = await connected({ clock, plan: { closeAfterMs: 1_000, answer: { delayMs: 10 } } })
    server.write('held back')
    await expect.poll(() => clock.due).toBe(2)
    proxy.stall()
    const closed = [once(client, 'close'), once(server, 'close')]
    await proxy.close()
    client.destroy()
    server.destroy()
    await Promise.all(closed)
    expect([proxy.open, clock.due]).toEqual([0, 0])
    // The server of the test itself still listens.
    await expect.poll(() => process.getActiveResourcesInfo().filter((name) => name.startsWith('TCP'))).toEqual(['TCPServerWrap'])
    expect(await reader(dial(proxy.port)).ending).toBe('ECONNREFUSED')
  })
})

it('a socket is reset and closes, also while its FIN is on its way', async () => {
  const taken = new Promise<Socket>((resolve) => {
    const server = createServer({ allowHalfOpen: true }, resolve)
    void listen(server).then(dial)
  })
  const socket = await taken
  const closed = once(socket, 'close')
  socket.end()
  reset(socket)
  await closed
  expect(socket.destroyed).toBe(true)
})

describe('a plan that cannot be meant', () => {
  it.each([
    [{ answer: { split: [] } }, 'split is []; give sizes in bytes, 1 or more each.'],
    [{ request: { split: [4, 0] } }, 'split is [4, 0]; give sizes in bytes, 1 or more each.'],
    [{ answer: { break: { after: -1, by: 'cut' as const } } }, 'break.after is -1; give a number of bytes, 0 or more.'],
    [{ answer: { delayMs: Number.NaN } }, 'delayMs is NaN; give milliseconds, 0 or more.'],
    [{ closeAfterMs: -200 }, 'closeAfterMs is -200; give milliseconds, 0 or more.'],
  ])('%j is refused', async (plan, message) => {
    await expect(faultProxy({ target: { port: 1 }, plan })).rejects.toThrow(new RangeError(message))
  })

  it('of a function refuses the connection, and close() says why', async () => {
    const proxy = await faultProxy({ target: { port: 1 }, plan: () => ({ closeAfterMs: -1 }) })
    expect(await reader(dial(proxy.port)).ending).toBe('ECONNRESET')
    await expect(proxy.close()).rejects.toThrow(new RangeError('closeAfterMs is -1; give milliseconds, 0 or more.'))
  })
})
