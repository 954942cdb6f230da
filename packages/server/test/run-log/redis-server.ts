import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

export interface RedisServer {
  readonly port: number
  /** All that it held is lost; resolves when it answers again. */
  restart(): Promise<void>
  kill(): Promise<void>
}

/** Debian's `redis-server`, which keeps nothing on disk. `more`: further options of the command line. */
export async function startRedis(...more: string[]): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), 'statechat-redis-'))
  const port = await freePort()
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder, ...more]
  const forget = () => rmSync(folder, { recursive: true, force: true })
  let server = await start(options).catch((error: unknown) => {
    forget()
    throw error
  })
  // For a test run that is given up.
  const onExit = () => void server.kill('SIGKILL')
  process.once('exit', onExit)
  const stop = async () => {
    if (server.exitCode !== null || server.signalCode !== null) return
    server.kill('SIGKILL')
    await once(server, 'exit')
  }
  return {
    port,
    async restart() {
      await stop()
      server = await start(options)
    },
    async kill() {
      process.off('exit', onExit)
      await stop()
      forget()
    },
  }
}

async function start(options: readonly string[]): Promise<ChildProcess> {
  const server = spawn('redis-server', options, { stdio: ['ignore', 'pipe', 'inherit'] })
  const said: string[] = []
  const failure = new Promise<never>((_, reject) => {
    server.once('error', (cause) =>
      reject(new Error('redis-server cannot be started, and these tests need a real one: apt-get install redis-server', { cause })),
    )
    server.once('exit', (code) => reject(new Error(`redis-server ended with ${code}:\n${said.join('\n')}`)))
  })
  // Later ends are asked for.
  failure.catch(() => {})
  await Promise.race([failure, ready(server, said)])
  return server
}

function ready(server: ChildProcess, said: string[]): Promise<void> {
  return new Promise((resolve) => {
    createInterface(server.stdout!).on('line', (line) => {
      said.push(line)
      if (line.includes('Ready to accept connections')) resolve()
    })
  })
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
