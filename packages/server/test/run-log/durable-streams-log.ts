import { PRODUCER_EPOCH_HEADER, PRODUCER_ID_HEADER, PRODUCER_SEQ_HEADER, STREAM_CLOSED_HEADER } from '@durable-streams/client'
import { RunLogError, type RunLogErrorCode } from '../../src/run-log/run-log-error.ts'
import type { LoggedEvent, RunEnd, RunInfo, RunLog } from '../../src/run-log/run-log.ts'
import { type Page, streamsAt } from './durable-streams-http.ts'

/** In the stream of a run: an epoch begins, an event, the end. The protocol's producer epoch fences, its producer seq drops what is sent twice. */
type Entry = { epoch: number; lease: number } | { data: string } | { end: RunEnd }
/** Beside it, as the protocol keeps no fields of a stream: facts, of which the first or the last holds. */
type Fact =
  | { claim: Pick<RunInfo, 'runId' | 'threadId' | 'fingerprint'>; at: number }
  | { lease: number }
  | { cancel: string; by: string }
  | { readers: 1 | -1; at: number }

/** A `RunLog` over any server of the Durable Streams protocol, to see that the interface fits a store that we did not make. */
export function durableStreamsLog(url: string, { now, leaseMs = 15_000 }: { now: () => number; leaseMs?: number }): RunLog {
  const closing = new AbortController()
  const { put, post, read } = streamsAt(url, closing.signal)
  const name = (kind: string, id: string) => `${kind}-${encodeURIComponent(id)}`
  const runOf = (runId: string) => name('run', runId)
  const factsOf = (runId: string) => name('facts', runId)
  const refuse = (code: RunLogErrorCode, runId: string) => new RunLogError(code, `${code}: ${runId}`)
  const as = (epoch: number, seq: number) => ({
    [PRODUCER_ID_HEADER]: 'run',
    [PRODUCER_EPOCH_HEADER]: String(epoch),
    [PRODUCER_SEQ_HEADER]: String(seq),
  })

  async function look(runId: string) {
    const [entries, facts] = await Promise.all([read<Entry>(runOf(runId)), read<Fact>(factsOf(runId))])
    return entries && facts ? stateOf(entries.items, facts.items) : undefined
  }
  /** For its producer. */
  async function owned(runId: string, epoch: number) {
    const run = await look(runId)
    if (!run) throw refuse('unknown_run', runId)
    if (run.epoch !== epoch) throw refuse('fenced', runId)
    return run
  }
  async function alive(runId: string, epoch: number) {
    const run = await owned(runId, epoch)
    if (run.end) throw refuse('closed', runId)
    await post<Fact>(factsOf(runId), { lease: now() + leaseMs })
    return run
  }
  async function status(runId: string): Promise<RunInfo | null> {
    const run = await look(runId)
    if (!run) return null
    const { claim, end = 'open', epoch, tail, lease, readers, readAt } = run
    return { ...claim, status: end, epoch, tail, isLeaseValid: now() < lease, unreadMs: readers > 0 ? 0 : now() - readAt }
  }

  return {
    leaseMs,
    async claim({ runId, threadId, fingerprint = '' }) {
      await put(runOf(runId))
      await post<Entry>(runOf(runId), { epoch: 1, lease: now() + leaseMs }, as(1, 0))
      // Of all who come at once, one creates it.
      const isCreated = await put(factsOf(runId), { claim: { runId, threadId, fingerprint }, at: now() } satisfies Fact)
      if (!isCreated) return { kind: 'known', run: (await status(runId))! }
      await put(name('thread', threadId))
      await post(name('thread', threadId), runId)
      return { kind: 'created', epoch: 1 }
    },
    async takeover(runId) {
      const run = await look(runId)
      if (!run || run.end || now() < run.lease) return null
      const epoch = run.epoch + 1
      const answer = await post<Entry>(runOf(runId), { epoch, lease: now() + leaseMs }, as(epoch, 0))
      // 204: another one came first.
      return answer === 200 ? { epoch, tail: (await look(runId))!.base } : null
    },
    async append(runId, epoch, firstSeq, events) {
      const { tail, base, cancel } = await alive(runId, epoch)
      if (firstSeq > tail + 1) throw refuse('gap', runId)
      for (const [i, data] of events.entries()) {
        const answer = firstSeq + i > tail ? await post<Entry>(runOf(runId), { data }, as(epoch, firstSeq + i - base)) : 204
        if (answer === 403) throw refuse('fenced', runId)
        if (answer === 409) throw refuse('closed', runId)
      }
      return { cancel }
    },
    renew: async (runId, epoch) => ({ cancel: (await alive(runId, epoch)).cancel }),
    async close(runId, epoch, end) {
      const run = await owned(runId, epoch)
      if (!run.end) await post<Entry>(runOf(runId), { end }, { ...as(epoch, run.tail - run.base + 1), [STREAM_CLOSED_HEADER]: 'true' })
    },
    async *read(runId, afterSeq, signal) {
      if (signal.aborted) return
      const known = await look(runId)
      if (!known) throw refuse('unknown_run', runId)
      if (afterSeq > known.tail) throw refuse('beyond_tail', runId)
      await post<Fact>(factsOf(runId), { readers: 1, at: now() })
      const seen: Entry[] = []
      let given = afterSeq
      try {
        for (let page: Page<Entry> | undefined; !page?.isClosed;) {
          page = await read<Entry>(runOf(runId), { after: page, signal })
          if (signal.aborted) return
          if (!page) throw refuse('expired', runId)
          seen.push(...page.items)
          const batch = eventsOf(seen).slice(given)
          given += batch.length
          if (batch.length > 0) yield batch
        }
      } finally {
        if (!closing.signal.aborted) await post<Fact>(factsOf(runId), { readers: -1, at: now() })
      }
    },
    status,
    async requestCancel(runId, reason) {
      const run = await look(runId)
      if (!run) return 'unknown'
      if (run.end) return run.end
      const by = crypto.randomUUID()
      await post<Fact>(factsOf(runId), { cancel: reason, by })
      return (await look(runId))?.cancelledBy === by ? 'requested' : 'already'
    },
    async activeRun(threadId) {
      for (const runId of (await read<string>(name('thread', threadId)))?.items.reverse() ?? []) {
        const run = await status(runId)
        if (run?.status === 'open' && run.threadId === threadId) return runId
      }
      return null
    },
    dispose: async () => closing.abort(),
  }
}

function eventsOf(entries: readonly Entry[]): LoggedEvent[] {
  const events: LoggedEvent[] = []
  let epoch = 1
  for (const entry of entries) {
    if ('epoch' in entry) epoch = entry.epoch
    else if ('data' in entry) events.push({ epoch, seq: events.length + 1, data: entry.data })
  }
  return events
}

function stateOf(entries: readonly Entry[], facts: readonly Fact[]) {
  const starts = entries.flatMap((entry) => ('epoch' in entry ? [entry] : []))
  const { epoch, lease } = starts.at(-1)!
  const { claim, at } = facts.find((fact) => 'claim' in fact)!
  const cancel = facts.find((fact) => 'cancel' in fact)
  const readers = facts.flatMap((fact) => ('readers' in fact ? [fact] : []))
  return {
    claim,
    epoch,
    tail: eventsOf(entries).length,
    /** The tail when the epoch began. */
    base: eventsOf(entries.slice(0, entries.indexOf(starts.at(-1)!))).length,
    end: entries.find((entry) => 'end' in entry)?.end,
    lease: Math.max(lease, ...facts.map((fact) => ('lease' in fact ? fact.lease : 0))),
    cancel: cancel?.cancel,
    cancelledBy: cancel?.by,
    readers: readers.reduce((sum, fact) => sum + fact.readers, 0),
    readAt: readers.at(-1)?.at ?? at,
  }
}
