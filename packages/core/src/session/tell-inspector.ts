import type { InspectionEvent } from 'xstate'
import { lazy } from '../lazy.ts'
import { isolate } from './host.ts'

/** How much is told; loaded with the first chat that has an inspector. */
export const inspection = lazy(() => import('./inspection.ts'))

/**
 * Tells an inspector of each event; messages and chunks are summaries. The first events wait for the code that makes them.
 * What the inspector throws changes nothing: XState itself would deal with no event from there on.
 */
export function tellInspector(inspect: (event: InspectionEvent) => void): (event: InspectionEvent) => void {
  const early: InspectionEvent[] = []

  function tellEarly() {
    for (const event of early.splice(0)) tell(event)
  }
  function forget() {
    early.length = 0
  }
  function tell(event: InspectionEvent) {
    const code = inspection.get()
    if (code) isolate(() => inspect(code.summaryOf(event)))
    else if (early.push(event) === 1) void inspection.load().then(tellEarly, forget)
  }

  return (event) => {
    if (inspection.get()) tellEarly()
    tell(event)
  }
}
