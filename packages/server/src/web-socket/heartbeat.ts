import type { Clock } from '../clock.ts'

export interface HeartbeatOptions {
  clock: Clock
  everyMs: number
  ping: (id: number) => void
  /** A client that answers pings has not answered the last one, nor said anything else. */
  onDead: () => void
}

export interface Heartbeat {
  /** A message came. */
  heard(): void
  /** This client answers pings; TanStack AI's does not. */
  expectAnswers(): void
  stop(): void
}

/** Keeps what lies between from closing a silent socket, and notices one that is dead. */
export function heartbeat({ clock, everyMs, ping, onDead }: HeartbeatOptions): Heartbeat {
  let timer: unknown
  let sent = 0
  let isOwed = false
  let answers = false
  const beat = () => {
    if (isOwed && answers) return onDead()
    isOwed = true
    sent += 1
    ping(sent)
    timer = clock.setTimeout(beat, everyMs)
  }
  if (everyMs > 0) timer = clock.setTimeout(beat, everyMs)
  return {
    heard() {
      isOwed = false
    },
    expectAnswers() {
      answers = true
    },
    stop() {
      if (timer !== undefined) clock.clearTimeout(timer)
      timer = undefined
    },
  }
}
