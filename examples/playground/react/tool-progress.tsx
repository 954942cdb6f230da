import { toProgress } from '../shared/progress.ts'

export function ToolProgress({ progress }: { progress: unknown }) {
  const shown = toProgress(progress)
  if (!shown) return null
  return (
    <div className="progress">
      {shown.share === undefined ? <progress aria-label="Progress" /> : <progress aria-label="Progress" value={shown.share} />}
      <small>{shown.text}</small>
    </div>
  )
}
