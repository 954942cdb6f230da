// @vitest-environment node
import { expect, it } from 'vitest'

it('can be imported where there is no page', async () => {
  expect(globalThis).not.toHaveProperty('HTMLElement')
  expect(Object.keys(await import('../src/index.ts')).sort()).toEqual(['defineDevtools', 'mountDevtools'])
})
