/** Milliseconds since the record began, as the timeline shows them: `12 ms`, `3.41 s`, `2:05.3`. */
export function formatTime(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1000).toFixed(2)} s`
  const minutes = Math.floor(ms / 60_000)
  return `${minutes}:${((ms % 60_000) / 1000).toFixed(1).padStart(4, '0')}`
}
