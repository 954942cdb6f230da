import { ChatError } from '../src/errors.ts'
import type { Chunk } from '../src/protocol/chunk.ts'
import type { Timers } from '../src/bytes/timers.ts'
import type { Drop, HttpFailure, Script, ScriptStep } from './script.ts'

/** A script and how far it has come. */
export interface Playing {
  readonly script: Script
  next: number
}

/** What comes of a script when its pauses and waits are over. */
export type Happening = { type: 'read'; chunks: readonly Chunk[]; cursor?: string | undefined } | { type: 'broken'; by: Error | Drop | HttpFailure }

/** Goes on with a script until it is over, something breaks, or `signal` aborts; then nothing is left scheduled. */
export async function* playScript(playing: Playing, clock: Timers, signal: AbortSignal): AsyncGenerator<Happening, void, void> {
  const { script } = playing
  while (playing.next < script.length && !signal.aborted) {
    const step = script[playing.next++]!
    if (isRead(step)) yield { type: 'read', chunks: 'type' in step ? [step] : step, cursor: cursorAfter(playing) }
    else if (step instanceof Error || step.step === 'http-error') return yield { type: 'broken', by: step }
    else if (step.step === 'pause') await passed(step.ms, clock, signal)
    else if (step.step === 'wait') await step.happened()
    else {
      // A server that has gone and never comes back: it breaks at each attempt to rejoin.
      if (playing.next === script.length) playing.next--
      return yield { type: 'broken', by: step }
    }
  }
}

/** Where the run can be rejoined, if the connection breaks before the next read. */
function cursorAfter({ script, next }: Playing): string | undefined {
  const then = script.slice(next).find((step) => isRead(step) || step instanceof Error || (step.step !== 'pause' && step.step !== 'wait'))
  return then && 'step' in then && then.step === 'drop' ? then.cursor : undefined
}

const isRead = (step: ScriptStep): step is Chunk | readonly Chunk[] => Array.isArray(step) || 'type' in step

function passed(ms: number, clock: Timers, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = clock.setTimeout(done, ms)
    signal.addEventListener('abort', done)
    function done() {
      clock.clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
  })
}

/** Which script plays next. */
export interface Scripts {
  /** Throws `ChatError` `misuse` when there is none. */
  take(): Playing
}

/** What is done when more runs are asked for than there are scripts. */
export type AfterLast = 'repeat' | 'fail'

/** Throws `ChatError` `misuse` for scripts that cannot be played. */
export function scriptsOf(scripts: readonly Script[], afterLast: AfterLast = 'repeat'): Scripts {
  for (const [i, script] of scripts.entries()) {
    if (!Array.isArray(script)) throw new ChatError('misuse', `Script ${i + 1} is no array of steps: wrap it in [ ], or use run(…).`)
    const failure = script.findIndex((step) => !Array.isArray(step) && 'step' in step && step.step === 'http-error')
    if (failure >= 0 && script.slice(0, failure).some(isRead))
      throw new ChatError(
        'misuse',
        `Script ${i + 1} has an httpError() after a chunk; an answer that has begun has its status. Use drop() or failedRun().`,
      )
  }
  let taken = 0
  return {
    take() {
      const script = scripts[taken] ?? (afterLast === 'repeat' ? scripts.at(-1) : undefined)
      taken++
      if (!script) {
        const message = `Run ${taken} was asked for, but there ${scripts.length === 1 ? 'is 1 script' : `are ${scripts.length} scripts`}. Add one, or look at the requests: who asked again?`
        throw new ChatError('misuse', message)
      }
      return { script, next: 0 }
    },
  }
}
