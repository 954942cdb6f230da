import { conformance, type Harness, type Mounted, SCENARIO_COUNT, storedPage, type ViewOptions } from '@statechat/conformance'
import { render } from '@testing-library/vue'
import { createSSRApp, h, nextTick, type ShallowRef, shallowRef, version } from 'vue'
import { expect, test, vi } from 'vitest'
import { serverHarness } from './server-harness.ts'
import { type Seen, seeNothing, viewOf } from './view.ts'

const harness: Harness = {
  name: `Vue ${version}`,
  html: await serverHarness.render(storedPage()),
  async mount(options, { views = 1, twice = false, beforeSubscribe } = {}) {
    const given = shallowRef(options)
    const seen = Array.from({ length: views }, seeNothing)
    const components = seen.map((one, i) => viewOf(() => given.value, one, i === 0 ? beforeSubscribe : undefined))
    const page = () => components.map((component) => h(component))
    if (twice) render(page).unmount()
    const { container, unmount } = render(page)
    return mounted(container, seen, given, unmount)
  },
  async hydrate(html, options) {
    const container = document.body.appendChild(document.createElement('div'))
    container.innerHTML = html
    const problems: unknown[] = []
    const complaints = (['warn', 'error'] as const).map((name) => vi.spyOn(console, name).mockImplementation((...args) => void problems.push(args)))
    const seen = seeNothing()
    const given = shallowRef(options)
    const app = createSSRApp(viewOf(() => given.value, seen))
    app.mount(container)
    const unhydrate = () => {
      app.unmount()
      for (const complaint of complaints) complaint.mockRestore()
      container.remove()
    }
    return { ...mounted(container, [seen], given, unhydrate), problems }
  },
}

function mounted(container: Element, seen: readonly Seen[], given: ShallowRef<ViewOptions>, unmount: () => void): Mounted {
  return {
    container: container as HTMLElement,
    act: seen[0]!.act!,
    computed: seen[0]!.computed,
    update(options) {
      given.value = options
      return nextTick()
    },
    flush: () => nextTick(),
    unmount: async () => unmount(),
  }
}

const registered = conformance(harness)

test('Vue runs every scenario there is', () => {
  expect(registered).toBe(SCENARIO_COUNT)
})
