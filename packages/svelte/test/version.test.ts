import { VERSION } from 'svelte/compiler'
import { expect, test } from 'vitest'

test('these tests run on the Svelte that their project is for', () => {
  expect(VERSION.split('.').slice(0, 2).join('.')).toBe(process.env['SVELTE'])
})
