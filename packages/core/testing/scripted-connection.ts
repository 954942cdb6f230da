import type { Timers } from '../src/bytes/timers.ts'
import type { ConnectContext, Connection } from '../src/connection/connection.ts'
import type { Chunk } from '../src/protocol/chunk.ts'
import { breakError } from './break-error.ts'
import { manualClock, type ManualClock } from './manual-clock.ts'
import { type AfterLast, type Playing, playScript, scriptsOf } from './play-script.ts'
import { type RunRequest, runRequest } from './run-request.ts'
import type { Script } from './script.ts'

export interface ScriptOptions<C extends Timers = Timers> {
  /** For `pause()`. Default: a {@link manualClock}, `clock` of the connection; `globalThis` is real time, or a test runner's fake timers. */
  clock?: C | undefined
  /** A run that no script is left for plays the last one again, or fails with `misuse`. Default `'repeat'`. */
  afterLast?: AfterLast | undefined
}

export interface ScriptedConnectionOptions<C extends Timers = Timers> extends ScriptOptions<C> {
  /** What is given to a chat with `resume: true` that looks for a run that is going on; an empty script: there is none. */
  join?: Script | undefined
}

export interface ScriptedConnection<C extends Timers = ManualClock> extends Connection {
  /** What was asked for so far, oldest first; attempts to rejoin among it. */
  readonly requests: readonly RunRequest[]
  /** The clock of the pauses. */
  readonly clock: C
}

/**
 * A connection that plays one script per run, in order; the last one again when there are no more. A run that dropped with a cursor
 * goes on in its own script when it is rejoined. Ends with its script, throws what the script throws, and hears the abort in between.
 * Throws `ChatError` `misuse` for a script that cannot be played.
 *
 * @example
 * const connection = scriptedConnection(run(text('m1', 'Hel', pause(500), 'lo')), [httpError(503)])
 * const chat = createChat({ connection })
 * void chat.sendMessage('Hi')
 * await connection.clock.advance(500)
 * connection.requests[0]?.input.messages // [{ role: 'user', content: 'Hi', … }]
 */
export function scriptedConnection(...scripts: [Script, ...Script[]]): ScriptedConnection
export function scriptedConnection<C extends Timers = ManualClock>(
  ...scriptsAndOptions: [Script, ...Script[], ScriptedConnectionOptions<C>]
): ScriptedConnection<C>
export function scriptedConnection(...given: (Script | ScriptedConnectionOptions)[]): ScriptedConnection<Timers> {
  const [scripts, { clock = manualClock(), afterLast, join }] = splitOptions<ScriptedConnectionOptions>(given)
  const { take } = scriptsOf(scripts, afterLast)
  const runs = new Map<string, Playing>()
  const requests: RunRequest[] = []

  /** A run that is rejoined goes on where it broke. */
  function playing({ runId, cursor }: ConnectContext, begin: () => Playing): Playing {
    const script = (cursor === undefined ? undefined : runs.get(runId)) ?? begin()
    runs.set(runId, script)
    return script
  }

  async function* read(script: Playing, { signal, context }: RunRequest): AsyncGenerator<readonly Chunk[], void, void> {
    let hasDelivered = false
    for await (const happening of playScript(script, clock, signal)) {
      if (happening.type === 'read') {
        yield happening.chunks
        hasDelivered = true
      } else {
        const { by } = happening
        if (!(by instanceof Error) && by.step === 'drop' && by.cursor !== undefined) context.onCursor(by.cursor)
        throw breakError(by, hasDelivered)
      }
    }
  }

  return {
    requests,
    clock,
    connect(messages, data, signal, context) {
      const request = runRequest('connect', messages, data, signal, context)
      requests.push(request)
      return read(playing(context, take), request)
    },
    ...(join && {
      join(signal, context) {
        const request = runRequest('join', [], undefined, signal, context)
        requests.push(request)
        return read(
          playing(context, () => ({ script: join, next: 0 })),
          request,
        )
      },
    }),
  }
}

/** Options stand behind the scripts, which are arrays. */
export function splitOptions<Options extends object>(given: readonly (Script | Options)[]): [Script[], Partial<Options>] {
  const last = given.at(-1)
  const isScript = (each: Script | Options | undefined): each is Script => Array.isArray(each)
  return last === undefined || isScript(last) ? [given as Script[], {}] : [given.slice(0, -1) as Script[], last]
}
