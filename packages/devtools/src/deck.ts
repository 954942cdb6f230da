import type { View } from './panes/pane.ts'
import type { Source } from './source.ts'

/** Which source is shown, and which moment of it. */
export interface Deck {
  readonly sources: readonly Source[]
  readonly source: Source | undefined
  readonly view: View | undefined
  /** Whether the latest entry is followed. */
  readonly isLive: boolean
  add(source: Source): void
  /** Stops a source and forgets it. */
  remove(source: Source): void
  select(source: Source): void
  /** Shows the moment of the event that this line of the timeline is about. */
  jump(row: number): void
  /** Shows the moment of this entry, or the nearest one that is remembered. */
  seek(entry: number): void
  /** Stays at the latest entry of now. */
  pause(): void
  follow(): void
  stop(): void
}

/** `onChange`: there is something new to be seen. */
export function createDeck(onChange: () => void): Deck {
  const sources: { readonly source: Source; end(): void }[] = []
  let source: Source | undefined
  let row: number | undefined

  function show(next: Source | undefined, nextRow?: number) {
    source = next
    row = nextRow
    onChange()
  }
  const deck: Deck = {
    get sources() {
      return sources.map((each) => each.source)
    },
    get source() {
      return source
    },
    get view() {
      if (!source) return undefined
      const { recording } = source
      const chosen = row === undefined ? undefined : (recording.rows.at(row) ?? recording.rows.at(recording.rows.first))
      return { recording, entry: chosen?.entry ?? recording.entries.last(), row: chosen?.number }
    },
    get isLive() {
      return row === undefined
    },
    add(added) {
      const end = added.recording.subscribe(() => {
        if (added === source) onChange()
      })
      sources.push({ source: added, end })
      show(source ?? added, row)
    },
    remove(removed) {
      const index = sources.findIndex((each) => each.source === removed)
      if (index < 0) return
      const [found] = sources.splice(index, 1)
      found!.end()
      removed.stop()
      if (removed === source) show(sources[0]?.source)
      else onChange()
    },
    select: (selected) => show(selected),
    jump: (to) => show(source, to),
    seek(entry) {
      const { entries } = source?.recording ?? {}
      if (!entries) return
      const number = Math.min(entries.end - 1, Math.max(entries.first, entry))
      show(source, entries.at(number)?.row)
    },
    pause() {
      if (source) deck.seek(source.recording.entries.end - 1)
    },
    follow: () => show(source),
    stop() {
      for (const { source: each, end } of sources) {
        end()
        each.stop()
      }
      sources.length = 0
      source = undefined
    },
  }
  return deck
}
