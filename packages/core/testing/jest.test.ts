import { expect as jestExpect } from 'expect'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { testChat } from './index.ts'

const before = (globalThis as { expect?: unknown }).expect
const setGlobal = (value: unknown) => Object.assign(globalThis, { expect: value })
beforeAll(() => setGlobal(undefined))
afterAll(() => setGlobal(before))

it("says what to do where jest's expect is not global", async () => {
  await expect(import('./jest.ts')).rejects.toThrow(/Write `expect.extend\(chatMatchers\)`/)
})

it("adds the matchers to jest's expect, with their types", async () => {
  setGlobal(jestExpect)
  await import('./jest.ts?global' as './jest.ts')
  const { chat } = testChat()
  jestExpect(chat).toHaveStatus('idle')
  jestExpect(chat).not.toHaveText(/./)
  // @ts-expect-error There is no such status.
  expect(() => jestExpect(chat).toHaveStatus('ready')).toThrow(/Expected status/)
})
