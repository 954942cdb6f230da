import { ABORTED, unlessAborted } from '../abortable.ts'
import type { LoggedEvent } from '../run-log/run-log.ts'
import { RunLogError } from '../run-log/run-log-error.ts'
import { refusal } from './replies.ts'
import type { Reply } from './run-script.ts'

export interface ReadOptions {
  runId: string
  afterSeq: number
  /** Ends the read. */
  signal: AbortSignal
  /** Fails the read, so that nobody takes it for the end of the run. */
  isDisposed: () => boolean
  /** Status, tail, identity of the run and events after `seq`, as they are at one moment. */
  look: (seq: number) => Promise<Reply>
  /** Begins to wake the reader; returns what ends it. */
  wakeBy: (wake: () => void) => () => void
}

export async function* readRun({ runId, afterSeq, signal, isDisposed, look, wakeBy }: ReadOptions): AsyncGenerator<readonly LoggedEvent[]> {
  if (isDisposed()) throw disposed()
  const bell = makeBell()
  // Before the first look, so that nothing falls in between.
  const stop = wakeBy(bell.ring)
  signal.addEventListener('abort', bell.ring)
  let after = afterSeq
  let first: unknown
  try {
    while (!signal.aborted) {
      if (isDisposed()) throw disposed()
      // A client without a connection may not answer for long.
      const reply = await unlessAborted(look(after), signal)
      if (reply === ABORTED) return
      const [status, tail, created, entries] = reply as [string, string?, string?, Entry[]?]
      if (!entries) throw refusal(runId, [first === undefined ? 'unknown_run' : 'expired'])
      first ??= created
      // Another run of the same id, after this one was lost.
      if (first !== created) throw refusal(runId, ['expired'])
      if (after > Number(tail)) throw refusal(runId, ['beyond_tail', tail], after)
      const events = entries.map(eventOf)
      // The run is known but its events are not: they were evicted.
      if (after < Number(tail) && events[0]?.seq !== after + 1) throw refusal(runId, ['expired'])
      if (events.length > 0) {
        after = events.at(-1)!.seq
        yield events
      } else if (status === 'open') await bell.rung()
      else return
    }
  } finally {
    signal.removeEventListener('abort', bell.ring)
    stop()
  }
}

const disposed = () => new RunLogError('unavailable', 'The log of runs was disposed of: its runs are read no more')

type Entry = [id: string, fields: [name: string, data: string]]

function eventOf([id, [, data]]: Entry): LoggedEvent {
  const [epoch, seq] = id.split('-')
  return { epoch: Number(epoch), seq: Number(seq), data }
}

/** Rung while nobody waits, it is heard by the next who does. */
function makeBell() {
  let isRung = false
  let wake: (() => void) | undefined
  return {
    ring() {
      isRung = true
      wake?.()
    },
    async rung() {
      if (!isRung) await new Promise<void>((resolve) => (wake = resolve))
      isRung = false
      wake = undefined
    },
  }
}
