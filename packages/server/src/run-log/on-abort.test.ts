import { getEventListeners } from 'node:events'
import { expect, it } from 'vitest'
import { onAbortOf } from './on-abort.ts'

it('a signal has one listener for all who want to hear it, and none when nobody does', () => {
  const { signal, abort } = bound()
  const heard: number[] = []
  const ends = Array.from({ length: 20 }, (_, i) => onAbortOf(signal)(() => heard.push(i)))
  expect(getEventListeners(signal, 'abort')).toHaveLength(1)
  ends.slice(2).forEach((end) => end())
  abort()
  expect(heard).toEqual([0, 1])
  ends.forEach((end) => end())
  expect(getEventListeners(signal, 'abort')).toHaveLength(0)
})

it('who comes after the abort is called at once', () => {
  const { signal, abort } = bound()
  abort()
  let calls = 0
  onAbortOf(signal)(() => calls++)
  onAbortOf(undefined)(() => calls++)
  expect(calls).toBe(1)
})

function bound() {
  const controller = new AbortController()
  return { signal: controller.signal, abort: () => controller.abort() }
}
