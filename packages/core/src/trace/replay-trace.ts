import type { Chat, Inspector } from '../chat.ts'
import { preload } from '../session/answering.ts'
import { isolate } from '../session/host.ts'
import type { Scheduler } from '../view/scheduler.ts'
import { pause } from './pause.ts'
import { readTrace } from './read-trace.ts'
import { createReplayedChat } from './replayed-chat.ts'
import type { Trace, TraceStep } from './trace.ts'

export interface ReplayOptions {
  /** How much faster `play()` is than what was recorded: 1 as it was, 10 ten times. Default `Infinity`: without pauses. */
  speed?: number | undefined
  /** Waits between two steps of `play()`, until the signal aborts. Default: setTimeout. */
  wait?: ((ms: number, signal: AbortSignal) => Promise<void>) | undefined
  /** Sees the machine of the replay; of each that there will be, if one goes back. */
  inspect?: Inspector | undefined
  /** Default: every step is shown at once. */
  scheduler?: Scheduler | undefined
}

export interface TraceReplay {
  /**
   * A real chat: to be read, or shown with `useChat({ chat })`. Its callbacks are not called. Going back makes a new one: read it again after `seek`.
   */
  readonly chat: Chat
  readonly trace: Trace
  /** How many steps there are. */
  readonly length: number
  /** How many of them were played. */
  readonly position: number
  readonly isPlaying: boolean
  /** The first step after which the chat was not where it had been: the trace was changed, or is from another version. Null if there is none so far. */
  readonly divergedAt: number | null
  /** Plays the next step, and gives it; undefined at the end. */
  step(): Promise<TraceStep | undefined>
  /** Plays on to the end, or until `pause`, `seek`, `play` or `stop`. */
  play(): Promise<void>
  pause(): void
  /** Goes to where so many steps were played, forth or back. */
  seek(position: number): Promise<void>
  /** Calls back when the position, the chat or `isPlaying` is another one; returns the function that ends it. */
  subscribe(onChange: () => void): () => void
  /** Ends the replay and disposes of its chat. */
  stop(): void
}

/**
 * Makes what was recorded happen again: a chat with the same machine gets the same events, with the same ids, and has the same snapshots. No
 * request is made, no tool is run. Takes a document from anywhere: it is checked.
 *
 * Throws `ChatError` `misuse` for what is no trace, or one of a newer version. `step`, `play` and `seek` reject with `load` if code could not be fetched.
 *
 * @example
 * const replay = replayTrace(JSON.parse(file), { speed: 4 })
 * replay.chat.subscribe(() => console.log(replay.chat.getSnapshot().status))
 * await replay.play()
 */
export function replayTrace(given: Trace, options: ReplayOptions = {}): TraceReplay {
  const { speed = Infinity, wait = pause, ...view } = options
  const trace = readTrace(given)
  const { steps } = trace
  const listeners = new Set<() => void>()
  let shown = createReplayedChat(trace, view)
  let position = 0
  let divergedAt: number | null = null
  let playing: AbortController | null = null

  function changed() {
    for (const listener of [...listeners]) isolate(listener)
  }

  function advance(): TraceStep | undefined {
    const step = steps[position]
    if (!step) return undefined
    if (!shown.apply(step)) divergedAt ??= position
    position++
    return step
  }

  function pausePlay() {
    if (!playing) return
    playing.abort()
    playing = null
    changed()
  }

  async function play() {
    pausePlay()
    const own = (playing = new AbortController())
    changed()
    await preload()
    for (let next = steps[position]; next && !own.signal.aborted; next = steps[position]) {
      const ms = (next.at - (steps[position - 1]?.at ?? 0)) / speed
      if (ms > 0) await wait(ms, own.signal)
      if (own.signal.aborted) return
      advance()
      changed()
    }
    if (playing === own) pausePlay()
  }

  async function seek(to: number) {
    pausePlay()
    await preload()
    const target = Math.min(Math.max(0, Math.trunc(to)), steps.length)
    if (target < position) {
      shown.dispose()
      shown = createReplayedChat(trace, view)
      position = 0
      divergedAt = null
    }
    while (position < target) advance()
    changed()
  }

  return {
    get chat() {
      return shown.chat
    },
    trace,
    length: steps.length,
    get position() {
      return position
    },
    get isPlaying() {
      return playing !== null
    },
    get divergedAt() {
      return divergedAt
    },
    async step() {
      await preload()
      const step = advance()
      if (step) changed()
      return step
    },
    play,
    pause: pausePlay,
    seek,
    subscribe(onChange) {
      const listener = () => onChange()
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    stop() {
      pausePlay()
      listeners.clear()
      shown.dispose()
    },
  }
}
