import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { fromRoot } from '../../conditions.ts'
import type { ChildConfig, FromChild, ToChild } from './child.ts'
import type { At } from './model.ts'

export interface ServerProcess {
  readonly port: number
  /** `<runId> <what>` of every call of the model or the tool. */
  readonly calls: readonly string[]
  /** Resolves when the model waits at one of the places that were given, the next time. */
  held(): Promise<At>
  /** The model goes on, and waits no more. */
  go(): void
  /** Resolves when no run is being made there. */
  settled(): Promise<void>
  stop(): void
  /** After {@link stop}: a zombie. */
  wake(): void
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>
}

/** Server processes of one test file; `close()` kills those that are left. */
export async function serverProcesses() {
  const folder = mkdtempSync(join(tmpdir(), 'statechat-survive-'))
  const script = join(folder, 'child.mjs')
  await build({
    entryPoints: [fromRoot('tests/survive/support/child.ts')],
    outfile: script,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['@statechat/source', 'module'],
    // Packages that are CommonJS call `require`.
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url)' },
  })
  const running = new Set<ChildProcess>()

  async function start(config: ChildConfig): Promise<ServerProcess> {
    const child = fork(script, [JSON.stringify(config)], { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    running.add(child)
    const exited = once(child, 'exit').finally(() => running.delete(child))
    const calls: string[] = []
    const places = queue<At>()
    const ports = queue<number>()
    const settled = queue<void>()
    child.on('message', (message: FromChild) => {
      switch (message.type) {
        case 'listening':
          return ports.push(message.port)
        case 'call':
          return void calls.push(`${message.runId} ${message.what}`)
        case 'at':
          return places.push(message.at)
        case 'settled':
          return settled.push()
      }
    })
    const tell = (message: ToChild) => void child.send(message)
    const died = exited.then(([code, signal]) => Promise.reject(new Error(`The server process ended before it listened: ${String(code ?? signal)}`)))
    const port = await Promise.race([ports.next(), died])
    died.catch(() => {})
    return {
      port,
      calls,
      held: places.next,
      go: () => tell({ type: 'go' }),
      settled() {
        tell({ type: 'settle' })
        return settled.next()
      },
      stop: () => void child.kill('SIGSTOP'),
      wake: () => void child.kill('SIGCONT'),
      async kill() {
        child.kill('SIGKILL')
        await exited
      },
    }
  }

  return {
    start,
    async close() {
      const gone = [...running].map((child) => once(child, 'exit'))
      for (const child of running) child.kill('SIGKILL')
      await Promise.all(gone)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** What comes, in order, for whoever asks. */
function queue<T>() {
  const values: T[] = []
  const askers: ((value: T) => void)[] = []
  return {
    push(value: T): void {
      const ask = askers.shift()
      if (ask) ask(value)
      else values.push(value)
    },
    next: (): Promise<T> => (values.length > 0 ? Promise.resolve(values.shift()!) : new Promise((resolve) => askers.push(resolve))),
  }
}
