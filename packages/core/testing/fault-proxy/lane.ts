import type { Socket } from 'node:net'
import type { Timers } from '../../src/bytes/timers.ts'
import type { BreakKind, LaneFaults } from './faults.ts'
import type { Valve } from './valve.ts'

export interface Lane {
  from: Socket
  to: Socket
  faults: LaneFaults
  valve: Valve
  clock: Timers
  /** Aborts when the connection is over, however it ended. */
  signal: AbortSignal
  onBreak: (kind: BreakKind) => void
}

/**
 * Passes the bytes of one direction, no faster than they are taken. Resolves when they have ended, or the connection is over;
 * throws what `from` fails with.
 */
export async function passBytes({ from, to, faults, valve, clock, signal, onBreak }: Lane): Promise<void> {
  const { break: broken, delayMs = 0 } = faults
  const left = { bytes: broken?.after ?? Infinity }
  const nextSize = sizesOf(faults.split)

  /** True once the lane is broken for good. */
  async function broke(): Promise<boolean> {
    if (!broken || left.bytes > 0) return false
    left.bytes = Infinity
    // A reset overtakes what was not read yet.
    await nextRead()
    onBreak(broken.by)
    if (broken.by === 'stall') await valve.passable(signal)
    return signal.aborted || broken.by !== 'stall'
  }

  // The other direction goes on when this one has ended.
  for await (const read of from.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    for (let start = 0; start < read.length;) {
      if (await broke()) return
      const piece = read.subarray(start, start + Math.min(nextSize(), left.bytes))
      if (delayMs > 0) await elapsed(delayMs, clock, signal)
      await valve.passable(signal)
      if (signal.aborted) return
      await written(to, piece)
      if (faults.split) await nextRead()
      start += piece.length
      left.bytes -= piece.length
    }
    // At once: that nothing more comes is how a break looks.
    if (left.bytes === 0 && (await broke())) return
  }
  to.end()
}

function sizesOf(split: readonly number[] | undefined): () => number {
  let index = 0
  return () => (split ? split[index++ % split.length]! : Infinity)
}

/** The first turn is still this one, before the bytes can be seen. */
async function nextRead() {
  for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve))
}

const written = (to: Socket, piece: Buffer) => new Promise<void>((resolve) => to.write(piece, () => resolve()))

function elapsed(ms: number, clock: Timers, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = clock.setTimeout(done, ms)
    function done() {
      clock.clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    signal.addEventListener('abort', done)
  })
}
