import { conformance, type Harness, type Mounted, SCENARIO_COUNT, storedPage, type ViewOptions } from '@statechat/conformance'
import { act, render } from '@testing-library/react'
import { StrictMode, version } from 'react'
import { renderToString } from 'react-dom/server'
import { expect, test, vi } from 'vitest'
import { type Seen, seeNothing, View } from './view.tsx'

const harness: Harness = {
  name: `React ${version}`,
  html: renderToString(<View options={storedPage()} />),
  async mount(options, { views = 1, twice = false, beforeSubscribe } = {}) {
    const first = seeNothing()
    const seen = [first, ...Array.from({ length: views - 1 }, (): Seen => ({ computed: first.computed }))]
    const page = (shown: typeof options) => (
      <>
        {seen.map((one, i) => (
          <View key={i} options={shown} seen={one} beforeSubscribe={i === 0 ? beforeSubscribe : undefined} />
        ))}
      </>
    )
    const { container, rerender, unmount } = render(page(options), twice ? { wrapper: StrictMode } : {})
    return mounted(container, first, (next) => rerender(page(next)), unmount)
  },
  async hydrate(html, options) {
    const container = document.body.appendChild(document.createElement('div'))
    container.innerHTML = html
    const problems: unknown[] = []
    const errors = vi.spyOn(console, 'error').mockImplementation((...args) => void problems.push(args))
    const seen = seeNothing()
    const page = (shown: typeof options) => <View options={shown} seen={seen} />
    const { rerender, unmount } = render(page(options), { container, hydrate: true, onRecoverableError: (error) => problems.push(error) })
    const unhydrate = () => {
      unmount()
      errors.mockRestore()
      container.remove()
    }
    return Object.assign(
      mounted(container, seen, (next) => rerender(page(next)), unhydrate),
      { problems },
    )
  },
}

function mounted(container: HTMLElement, seen: Seen, update: (options: ViewOptions) => void, unmount: () => void): Mounted {
  return {
    container,
    get act() {
      return seen.act!
    },
    computed: seen.computed,
    update: async (options) => update(options),
    flush: () => act(async () => {}),
    unmount: async () => unmount(),
  }
}

const registered = conformance(harness)

test('React runs every scenario there is', () => {
  expect(registered).toBe(SCENARIO_COUNT)
})
