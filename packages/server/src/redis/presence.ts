import type { Clock } from '../clock.ts'

/** Says of each run that somebody here reads, at once and then every `everyMs`, also while a slow reader takes its time. */
export interface Presence {
  /** Returns what ends it. */
  enter(runId: string): () => void
  dispose(): void
}

interface Readers {
  count: number
  timer: unknown
}

export function presence(say: (runId: string) => void, { clock, everyMs }: { clock: Clock; everyMs: number }): Presence {
  const runs = new Map<string, Readers>()

  function begin(runId: string): Readers {
    const beat = () => {
      readers.timer = clock.setTimeout(beat, everyMs)
      say(runId)
    }
    const readers: Readers = { count: 0, timer: undefined }
    runs.set(runId, readers)
    beat()
    return readers
  }

  return {
    enter(runId) {
      const readers = runs.get(runId) ?? begin(runId)
      readers.count += 1
      return () => {
        readers.count -= 1
        if (readers.count > 0) return
        clock.clearTimeout(readers.timer)
        if (runs.get(runId) === readers) runs.delete(runId)
      }
    },
    dispose() {
      for (const { timer } of runs.values()) clock.clearTimeout(timer)
      runs.clear()
    },
  }
}
