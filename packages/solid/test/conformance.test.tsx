import { conformance, type Harness, type Mounted, SCENARIO_COUNT, type ViewOptions } from '@statechat/conformance'
import { render } from '@solidjs/testing-library'
import { createSignal, For } from 'solid-js'
import { expect, inject, test } from 'vitest'
import { hydrateHtml } from './hydrating.ts'
import { type Seen, seeNothing, View } from './view.tsx'

const harness: Harness = {
  name: `Solid ${process.env['SOLID_MINOR']}`,
  html: inject('html'),
  async mount(first, { views = 1, twice = false, beforeSubscribe } = {}) {
    const [options, setOptions] = createSignal<ViewOptions>(first)
    const page = (seen: readonly Seen[]) => () => (
      <For each={seen}>{(one, i) => <View options={options()} seen={one} beforeSubscribe={i() === 0 ? beforeSubscribe : undefined} />}</For>
    )
    if (twice) render(page(Array.from({ length: views }, seeNothing))).unmount()
    const seen = Array.from({ length: views }, seeNothing)
    const { container, unmount } = render(page(seen))
    return mounted(container, seen, setOptions, unmount)
  },
  async hydrate(html, first) {
    const [options, setOptions] = createSignal<ViewOptions>(first)
    const seen = seeNothing()
    const { container, problems, unmount } = hydrateHtml(html, () => <View options={options()} seen={seen} />)
    return { ...mounted(container, [seen], setOptions, unmount), problems }
  },
}

function mounted(container: HTMLElement, seen: readonly Seen[], update: (options: ViewOptions) => void, unmount: () => void): Mounted {
  return {
    container,
    act: seen[0]!.act!,
    computed: seen[0]!.computed,
    update: async (options) => update(options),
    flush: async () => {},
    unmount: async () => unmount(),
  }
}

const registered = conformance(harness)

test('Solid runs every scenario there is', () => {
  expect(registered).toBe(SCENARIO_COUNT)
})
