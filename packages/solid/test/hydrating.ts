import type { JSX } from 'solid-js'
import { hydrate } from 'solid-js/web'
import { vi } from 'vitest'

/** Hydrates HTML from a server, as the script beside it would have prepared the page, and notes what Solid complains about. */
export function hydrateHtml(html: string, view: () => JSX.Element) {
  const container = document.body.appendChild(document.createElement('div'))
  container.innerHTML = html
  Object.assign(globalThis, { _$HY: { events: [], completed: new WeakSet(), r: {}, fe() {} } })
  const problems: unknown[] = []
  const spies = (['error', 'warn'] as const).map((level) => vi.spyOn(console, level).mockImplementation((...args) => void problems.push(args)))
  const dispose = hydrate(view, container)
  return {
    container,
    problems,
    unmount() {
      dispose()
      for (const spy of spies) spy.mockRestore()
      container.remove()
    },
  }
}
