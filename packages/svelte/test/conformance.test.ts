import { conformance, type Harness, type Mounted, SCENARIO_COUNT, type ViewOptions } from '@statechat/conformance'
import { render } from '@testing-library/svelte'
import { hydrate, tick, unmount } from 'svelte'
import { expect, inject, test, vi } from 'vitest'
import { changingProps } from './changing-props.svelte.ts'
import { type Seen, seeNothing } from './views/seen.ts'
import View from './views/view.svelte'
import Views from './views/views.svelte'

const harness: Harness = {
  name: `Svelte ${process.env['SVELTE']}`,
  html: inject('html'),
  async mount(options, { views = 1, twice = false, beforeSubscribe } = {}) {
    const seen = Array.from({ length: views }, seeNothing)
    const props = { options, seen, beforeSubscribe }
    if (twice) render(Views, { props }).unmount()
    const { container, rerender, unmount } = render(Views, { props })
    // The testing library may have been there before.
    const end = () => container.isConnected && unmount()
    return mounted(container, seen, (next) => rerender({ options: next }), end)
  },
  async hydrate(html, options) {
    const container = document.body.appendChild(document.createElement('div'))
    // happy-dom makes several texts of one that contains `>`, which no browser does.
    container.innerHTML = html.replace(/(<[^>]*>)|>/g, (_, tag?: string) => tag ?? '&gt;')
    const problems: unknown[] = []
    const spies = (['warn', 'error'] as const).map((name) => vi.spyOn(console, name).mockImplementation((...args) => void problems.push(args)))
    const seen = seeNothing()
    const { props, update } = changingProps({ options, seen })
    const view = hydrate(View, { target: container, props })
    const unhydrate = async () => {
      await unmount(view)
      for (const spy of spies) spy.mockRestore()
      container.remove()
    }
    return { ...mounted(container, [seen], (next) => update({ options: next }), unhydrate), problems }
  },
}

function mounted(container: HTMLElement, seen: readonly Seen[], update: (options: ViewOptions) => Promise<void>, end: () => unknown): Mounted {
  return {
    container,
    act: seen[0]!.act!,
    computed: {
      get status() {
        return sum(seen.map(({ computed }) => computed.status))
      },
      get selector() {
        return sum(seen.map(({ computed }) => computed.selector))
      },
      rows: seen[0]!.computed.rows,
    },
    update,
    flush: tick,
    unmount: async () => void (await end()),
  }
}

const sum = (counts: number[]) => counts.reduce((a, b) => a + b, 0)

const registered = conformance(harness)

test('Svelte runs every scenario there is', () => {
  expect(registered).toBe(SCENARIO_COUNT)
})
