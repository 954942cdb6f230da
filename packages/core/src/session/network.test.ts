import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { NetworkEvent } from './events.ts'
import { pageNetwork } from './network.ts'

/** An event target that knows how many listen. */
class Target extends EventTarget {
  listening = 0
  override addEventListener(...args: Parameters<EventTarget['addEventListener']>) {
    this.listening++
    super.addEventListener(...args)
  }
  override removeEventListener(...args: Parameters<EventTarget['removeEventListener']>) {
    this.listening--
    super.removeEventListener(...args)
  }
}

/** What a browser has, as far as it is asked for. */
function page({ onLine = true } = {}) {
  const window = new Target()
  const document = Object.assign(new Target(), { visibilityState: 'visible' })
  vi.stubGlobal('window', window)
  vi.stubGlobal('document', document)
  vi.stubGlobal('navigator', { onLine })
  onTestFinished(() => void vi.unstubAllGlobals())
  return { window, document }
}

/** Watches, and notes what it hears. */
function watched() {
  const heard: NetworkEvent['type'][] = []
  return { heard, end: pageNetwork.watch(({ type }) => heard.push(type)) }
}

describe('the network of a page', () => {
  it('says when it goes and when it is back', () => {
    const { window } = page()
    const { heard } = watched()
    expect(heard).toEqual([])
    window.dispatchEvent(new Event('offline'))
    window.dispatchEvent(new Event('online'))
    expect(heard).toEqual(['network.offline', 'network.online'])
  })
  it('says when the page is looked at again, and not when it is left', () => {
    const { document } = page()
    const { heard } = watched()
    document.visibilityState = 'hidden'
    document.dispatchEvent(new Event('visibilitychange'))
    expect(heard).toEqual([])
    document.visibilityState = 'visible'
    document.dispatchEvent(new Event('visibilitychange'))
    expect(heard).toEqual(['page.visible'])
  })
  it('says at once that there is none', () => {
    page({ onLine: false })
    expect(watched().heard).toEqual(['network.offline'])
  })
  it('is not heard any more when the watch has ended, and nothing is left of it', () => {
    const { window, document } = page()
    const { heard, end } = watched()
    expect([window.listening, document.listening]).toEqual([2, 1])
    end()
    expect([window.listening, document.listening]).toEqual([0, 0])
    window.dispatchEvent(new Event('online'))
    expect(heard).toEqual([])
  })
})

describe('where there is no page', () => {
  it('nothing ever changes', () => {
    expect(globalThis.window).toBeUndefined()
    const { heard, end } = watched()
    end()
    expect(heard).toEqual([])
  })
  it('a window without events, as some native apps have, is taken for none', () => {
    vi.stubGlobal('window', {})
    vi.stubGlobal('navigator', {})
    onTestFinished(() => void vi.unstubAllGlobals())
    const { heard, end } = watched()
    end()
    expect(heard).toEqual([])
  })
})
