import type { RunEnd, RunLog } from '../run-log/run-log.ts'
import type { RedisClient } from './client.ts'
import { runKeys, threadKey } from './keys.ts'
import { news } from './news.ts'
import { type RedisRunLogOptions, settingsOf } from './options.ts'
import { presence } from './presence.ts'
import { readRun } from './read-run.ts'
import { cancelOf, infoOf, refusal, written } from './replies.ts'
import { type Reply, scriptRunner } from './run-script.ts'
import type { ScriptName } from './scripts.ts'

const BATCH = 512
/** Who reads says so each `pollMs`, and has gone when that was missed so often. */
const MISSED_POLLS = 3

/**
 * Keeps runs in Redis 5 or later, for any number of processes; also in a cluster. The client stays yours; the log opens one more
 * connection for subscriptions, with the first reader or `onCancel`. No key is without a time to live. `unreadMs` begins to count
 * three times `pollMs` after the last reader was seen. An `unavailable` error has that of the client as its `cause`; whether the
 * client waits or fails while it has no connection is set with the client. Throws a ChatError `misuse` for options that cannot be.
 *
 * @example
 * const log = redisRunLog(fromIoredis(new Redis(process.env.REDIS_URL)))
 */
export function redisRunLog(client: RedisClient, options: RedisRunLogOptions = {}): RunLog {
  const { prefix, leaseMs, openTtlMs, closedTtlMs, pollMs, clock } = settingsOf(client, options)
  const script = scriptRunner(client)
  const wakeUps = news(client, { clock, pollMs })
  let isDisposed = false

  const keysOf = (runId: string) => runKeys(prefix, runId)
  function onRun(name: ScriptName, runId: string, ...args: (string | number)[]): Promise<Reply> {
    const { run, events } = keysOf(runId)
    return script(name, [run, events], args)
  }
  const onThread = (name: ScriptName, threadId: string, ...args: (string | number)[]) => script(name, [threadKey(prefix, threadId)], args)
  /** For what is tried again by itself: the runs of a thread, which may be elsewhere in a cluster, are written at each renewal and checked when read. */
  const quietly = <T>(work: Promise<T>) => work.catch(() => undefined)
  const readers = presence((runId) => void quietly(onRun('touch', runId, pollMs * MISSED_POLLS)), { clock, everyMs: pollMs })

  return {
    leaseMs,
    async claim({ runId, threadId, fingerprint = '' }) {
      const reply = await onRun('claim', runId, threadId, fingerprint, crypto.randomUUID(), leaseMs, openTtlMs)
      if (reply[0] === 'known') return { kind: 'known', run: infoOf(runId, reply) }
      await quietly(onThread('join', threadId, runId, String(reply[1]), openTtlMs))
      return { kind: 'created', epoch: 1 }
    },
    async takeover(runId) {
      const [word, epoch, tail] = await onRun('takeover', runId, crypto.randomUUID(), leaseMs, openTtlMs)
      return word === 'taken' ? { epoch: Number(epoch), tail: Number(tail) } : null
    },
    async append(runId, epoch, firstSeq, events) {
      return written(runId, epoch, await onRun('append', runId, epoch, leaseMs, openTtlMs, keysOf(runId).news, firstSeq, ...events))
    },
    async renew(runId, epoch) {
      const reply = await onRun('renew', runId, epoch, leaseMs, openTtlMs)
      const renewed = written(runId, epoch, reply)
      await quietly(onThread('join', String(reply[1]), runId, String(reply[2]), openTtlMs))
      return renewed
    },
    async close(runId, epoch, end) {
      const reply = await onRun('close', runId, epoch, end, closedTtlMs, keysOf(runId).news)
      if (reply[0] !== 'ok') throw refusal(runId, reply, epoch)
      await quietly(onThread('leave', String(reply[1]), runId))
    },
    read: (runId, afterSeq, signal) =>
      readRun({
        runId,
        afterSeq,
        signal,
        isDisposed: () => isDisposed,
        look: (seq) => onRun('read', runId, seq, BATCH),
        wakeBy(wake) {
          const leave = readers.enter(runId)
          const stop = wakeUps.listen(keysOf(runId).news, wake)
          return () => {
            stop()
            leave()
          }
        },
      }),
    async status(runId) {
      const reply = await onRun('status', runId)
      return reply[0] === 'known' ? infoOf(runId, reply) : null
    },
    async requestCancel(runId, reason) {
      const [word] = await onRun('cancel', runId, reason, keysOf(runId).cancel)
      return word as 'requested' | 'already' | 'unknown' | RunEnd
    },
    onCancel(runId, callback, signal) {
      if (signal.aborted || isDisposed) return
      const over = new AbortController()
      signal.addEventListener('abort', () => over.abort(), { signal: over.signal })
      const look = async () => {
        const run = (await quietly(onRun('status', runId))) ?? []
        const reason = cancelOf(run)
        if (reason === undefined || over.signal.aborted) return
        over.abort()
        callback(reason)
      }
      over.signal.addEventListener(
        'abort',
        wakeUps.listen(keysOf(runId).cancel, () => void look()),
      )
    },
    async activeRun(threadId) {
      for (const runId of (await onThread('runs', threadId)) as string[]) {
        const reply = await onRun('status', runId)
        if (reply[1] === threadId && reply[3] === 'open') return runId
        await onThread('leave', threadId, runId)
      }
      return null
    },
    async dispose() {
      isDisposed = true
      readers.dispose()
      await wakeUps.dispose()
    },
  }
}
