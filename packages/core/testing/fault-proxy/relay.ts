import { connect, type Socket } from 'node:net'
import type { Timers } from '../../src/bytes/timers.ts'
import type { BreakKind, ConnectionFaults, Direction } from './faults.ts'
import { passBytes } from './lane.ts'
import { reset } from './reset.ts'
import { type Valve, valve } from './valve.ts'

export interface RelayOptions {
  port: number
  host: string
  faults: ConnectionFaults
  clock: Timers
  /** Which directions begin stalled. */
  stalled: ReadonlySet<Direction>
}

/** A client's connection and the one to the server that goes with it. */
export interface Relay {
  break(kind: 'cut' | 'reset'): void
  readonly valves: Readonly<Record<Direction, Valve>>
  /** Resolves when both ends are closed. */
  readonly closed: Promise<void>
  /** Closes both ends, whatever their peers do. */
  destroy(): void
}

export function relay(client: Socket, { port, host, faults, clock, stalled }: RelayOptions): Relay {
  const server = connect({ port, host, noDelay: true, allowHalfOpen: true })
  const ends = [client, server]
  const over = new AbortController()
  const valves = { request: valve(!stalled.has('request')), answer: valve(!stalled.has('answer')) }
  const timer = faults.closeAfterMs === undefined ? undefined : clock.setTimeout(() => breakBoth('cut'), faults.closeAfterMs)

  function finish() {
    over.abort()
    clock.clearTimeout(timer)
  }

  function breakBoth(kind: 'cut' | 'reset') {
    if (over.signal.aborted) return
    finish()
    for (const socket of ends) {
      if (kind === 'reset') reset(socket)
      else {
        // With bytes that nobody has read a close is a reset: they are read, and dropped, until the peer has gone too.
        socket.end()
        socket.resume()
      }
    }
  }

  const onBreak = (direction: Direction) => (kind: BreakKind) => (kind === 'stall' ? valves[direction].shut() : breakBoth(kind))
  const lane = (direction: Direction, from: Socket, to: Socket) =>
    passBytes({ from, to, faults: faults[direction] ?? {}, valve: valves[direction], clock, signal: over.signal, onBreak: onBreak(direction) })

  for (const socket of ends) {
    // What went wrong with one end is told to the other one by a reset, also that there is no server.
    socket.on('error', () => breakBoth('reset'))
  }
  const closed = Promise.all(ends.map((socket) => new Promise((resolve) => socket.once('close', resolve)))).then(finish)
  const failed = () => breakBoth('reset')
  void lane('request', client, server).catch(failed)
  void lane('answer', server, client).catch(failed)

  return {
    break: breakBoth,
    valves,
    closed,
    destroy() {
      finish()
      for (const socket of ends) socket.destroy()
    },
  }
}
