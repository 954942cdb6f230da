import { afterEach, expect, it, vi } from 'vitest'
import { browserPage } from './page.ts'

afterEach(() => vi.unstubAllGlobals())

it('a page of a browser is about to go when it is hidden or left, and is not listened to any longer than asked for', () => {
  const window = new EventTarget()
  const document = Object.assign(new EventTarget(), { visibilityState: 'visible' })
  vi.stubGlobal('window', window)
  vi.stubGlobal('document', document)
  let left = 0
  const end = browserPage.onHide(() => left++)
  document.dispatchEvent(new Event('visibilitychange'))
  expect(left).toBe(0)
  document.visibilityState = 'hidden'
  document.dispatchEvent(new Event('visibilitychange'))
  window.dispatchEvent(new Event('pagehide'))
  expect(left).toBe(2)
  end()
  document.dispatchEvent(new Event('visibilitychange'))
  window.dispatchEvent(new Event('pagehide'))
  expect(left).toBe(2)
})
it('where there is no page, nothing is listened to', () => {
  expect(() => browserPage.onHide(() => {})()).not.toThrow()
})
