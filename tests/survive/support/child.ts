/** A server process: its answers are kept in Redis, and it does at each step of the model what its parent says. */
import { Redis } from 'ioredis'
import { fromIoredis, redisRunLog } from '@statechat/server/redis'
import type { RunLog } from '@statechat/server'
import { type At, type ModelHooks, type Place, unhurried } from './model.ts'
import { startServer } from './server.ts'

/** Where the model waits for its parent. */
export interface Hold {
  place: Place
  index: number
}

export interface ChildConfig {
  redisUrl: string
  leaseMs: number
  holds: readonly Hold[]
}

export type FromChild =
  | { type: 'listening'; port: number }
  | { type: 'call'; runId: string; what: 'think' | 'tool' | 'answer' }
  | { type: 'at'; at: At }
  | { type: 'settled' }

export type ToChild = { type: 'go' } | { type: 'settle' }

const config = JSON.parse(process.argv[2] ?? '') as ChildConfig
const waiting = new Set<() => void>()
let isFree = false

/** Resolves when it is on its way: a process that is killed right after has told. */
const tell = (message: FromChild) => new Promise<void>((resolve) => process.send!(message, () => resolve()))

const hooks: ModelHooks = {
  onCall: (call) => tell({ type: 'call', ...call }),
  async pace(at, signal) {
    if (!isFree && config.holds.some(({ place, index }) => place === at.place && index === at.index)) {
      const free = new Promise<void>((resolve) => {
        waiting.add(resolve)
        signal.addEventListener('abort', () => resolve())
      })
      await tell({ type: 'at', at })
      await free
    }
    await unhurried(at, signal)
  },
}

const log = redisRunLog(fromIoredis(new Redis(config.redisUrl)), { leaseMs: config.leaseMs })
const server = await startServer({ log: { ...log, close: closing }, hooks })

/** There is nothing of the model between the last event and the end of the run. */
async function closing(...[runId, ...rest]: Parameters<RunLog['close']>): Promise<void> {
  await hooks.pace({ runId, place: 'close', index: 0 }, new AbortController().signal)
  await log.close(runId, ...rest)
}

process.on('message', (message: ToChild) => {
  switch (message.type) {
    case 'go':
      isFree = true
      for (const resolve of waiting) resolve()
      waiting.clear()
      return
    case 'settle':
      void server.settled().then(() => tell({ type: 'settled' }))
  }
})
process.once('disconnect', () => process.exit())
await tell({ type: 'listening', port: server.port })
