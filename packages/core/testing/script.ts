import { ChatError } from '../src/errors.ts'
import type { Chunk } from '../src/protocol/chunk.ts'
import { settled } from './settled.ts'

/** Nothing arrives for a while. */
export interface Pause {
  readonly step: 'pause'
  /** Milliseconds. */
  readonly ms: number
}

/** The transport breaks. */
export interface Drop {
  readonly step: 'drop'
  /** Where the run can be rejoined; absent: it cannot. */
  readonly cursor?: string | undefined
}

/** The server answers with a status that is no success. */
export interface HttpFailure {
  readonly step: 'http-error'
  readonly status: number
  /** A string as it is, anything else as JSON. */
  readonly body?: unknown
  readonly headers: Record<string, string>
}

/** Nothing arrives until something has happened. */
export interface Wait {
  readonly step: 'wait'
  /** Resolves when the script may go on; what it rejects with is thrown by the connection. */
  happened(): PromiseLike<unknown>
}

/** A {@link Wait} that the test ends. */
export interface Gate extends Wait {
  /** Lets every script that waits here go on, now and later; resolves when the chat has dealt with what that brought. */
  open(): Promise<void>
}

/** One step of a script: a network read of one chunk or of several, or something that happens to the connection. An `Error` is thrown. */
export type ScriptStep = Chunk | readonly Chunk[] | Error | Pause | Drop | HttpFailure | Wait

/** What one run does, in order. */
export type Script = readonly ScriptStep[]

/**
 * Nothing arrives for `ms` milliseconds of the clock: that of `scriptedConnection` or `streamChat`.
 *
 * @example
 * const connection = scriptedConnection(run(text('m1', 'Hel', pause(500), 'lo')))
 */
export const pause = (ms: number): Pause => ({ step: 'pause', ms })

/**
 * The transport breaks: the chat fails with `network` if nothing has arrived, else with `truncated`. With a `cursor` it reconnects
 * instead, and the rejoined run is given what stands after the drop; where nothing does, it breaks again.
 *
 * @example
 * const connection = scriptedConnection(run(text('m1', 'Hel', drop('after-hel'), 'lo')))
 */
export const drop = (cursor?: string): Drop => ({ step: 'drop', cursor })

/**
 * The server answers with a status outside 200–299: the chat fails with `http`. Stands alone, an answer has one status.
 *
 * @example
 * const connection = scriptedConnection([httpError(429, { headers: { 'retry-after': '2' } })], run(text('m1', 'Hello')))
 */
export function httpError(status: number, { body, headers = {} }: { body?: unknown; headers?: Record<string, string> } = {}): HttpFailure {
  if (!Number.isInteger(status) || status < 300 || status > 599)
    throw new ChatError('misuse', `httpError(${status}): an error has a status from 300 to 599.`)
  return { step: 'http-error', status, body, headers }
}

/**
 * Nothing arrives until the promise has resolved. A function is called when the script gets there and the chat has dealt with what
 * came before, so it may also do something at that very moment.
 *
 * @example
 * const connection = scriptedConnection(run(text('m1', 'Saved: ', waitFor(() => saved), 'yes')))
 */
export const waitFor = (what: PromiseLike<unknown> | (() => PromiseLike<unknown>)): Wait => ({
  step: 'wait',
  happened: typeof what === 'function' ? () => settled().then(what) : () => what,
})

/**
 * Nothing arrives until the test opens the gate.
 *
 * @example
 * const more = gate()
 * const chat = createChat({ connection: scriptedConnection(run(text('m1', 'Hel', more, 'lo'))) })
 * void chat.sendMessage('Hi')
 * await settled()
 * await more.open()
 */
export function gate(): Gate {
  let release!: () => void
  const opened = new Promise<void>((resolve) => (release = resolve))
  return {
    step: 'wait',
    happened: () => opened,
    open() {
      release()
      return settled()
    },
  }
}
