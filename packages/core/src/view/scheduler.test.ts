import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { frameScheduler, syncScheduler } from './scheduler.ts'

/** A page with frames made by hand. */
function page({ hidden = false } = {}) {
  const frames = new Map<number, () => void>()
  const listeners = new Set<() => void>()
  let ids = 0
  const document = {
    hidden,
    addEventListener: (_type: string, listener: () => void) => listeners.add(listener),
    removeEventListener: (_type: string, listener: () => void) => listeners.delete(listener),
  }
  vi.stubGlobal('document', document)
  vi.stubGlobal('requestAnimationFrame', (frame: () => void) => {
    frames.set(++ids, frame)
    return ids
  })
  vi.stubGlobal('cancelAnimationFrame', (id: number) => frames.delete(id))
  onTestFinished(() => void vi.unstubAllGlobals())
  return {
    frames,
    listeners,
    paint() {
      const due = [...frames.values()]
      frames.clear()
      for (const frame of due) frame()
    },
    hide() {
      document.hidden = true
      for (const listener of [...listeners]) listener()
    },
  }
}

describe('frameScheduler', () => {
  it('flushes with the next frame, once, and leaves nothing behind', () => {
    const { frames, listeners, paint } = page()
    let flushes = 0
    frameScheduler(() => flushes++)
    expect(flushes).toBe(0)
    paint()
    expect(flushes).toBe(1)
    expect(frames.size + listeners.size).toBe(0)
  })
  it('flushes at once on a hidden page, which gets no frames', () => {
    const { frames } = page({ hidden: true })
    let flushes = 0
    frameScheduler(() => flushes++)
    expect(flushes).toBe(1)
    expect(frames.size).toBe(0)
  })
  it('flushes when the page is hidden before its frame came', () => {
    const { frames, listeners, hide, paint } = page()
    let flushes = 0
    frameScheduler(() => flushes++)
    hide()
    expect(flushes).toBe(1)
    paint()
    expect(flushes).toBe(1)
    expect(frames.size + listeners.size).toBe(0)
  })
  describe('on a page that says when it is idle', () => {
    function idlePage() {
      const idle = new Map<number, () => void>()
      const asked: unknown[] = []
      vi.stubGlobal('requestIdleCallback', (callback: () => void, options: unknown) => {
        asked.push(options)
        idle.set(asked.length, callback)
        return asked.length
      })
      vi.stubGlobal('cancelIdleCallback', (id: number) => idle.delete(id))
      return { ...page(), asked, idle }
    }
    it('flushes after the frame, when there is nothing else to do, and waits 250 ms at most', () => {
      const { paint, idle, asked, listeners } = idlePage()
      let flushes = 0
      frameScheduler(() => flushes++)
      paint()
      expect([flushes, asked]).toEqual([0, [{ timeout: 250 }]])
      for (const callback of [...idle.values()]) callback()
      expect(flushes).toBe(1)
      expect(idle.size + listeners.size).toBe(0)
    })
    it('flushes when the page is hidden while it waits, and only once', () => {
      const { paint, hide, idle } = idlePage()
      let flushes = 0
      frameScheduler(() => flushes++)
      paint()
      hide()
      expect([flushes, idle.size]).toEqual([1, 0])
    })
    it('can be cancelled while it waits', () => {
      const { paint, idle, listeners } = idlePage()
      const cancel = frameScheduler(() => {
        throw new Error('flushed')
      })
      paint()
      cancel()
      expect(idle.size + listeners.size).toBe(0)
    })
  })
  it('can be cancelled', () => {
    const { frames, listeners, paint } = page()
    let flushes = 0
    frameScheduler(() => flushes++)()
    paint()
    expect(flushes).toBe(0)
    expect(frames.size + listeners.size).toBe(0)
  })
  it('flushes at once where there are no frames', () => {
    let flushes = 0
    frameScheduler(() => flushes++)
    expect(flushes).toBe(1)
  })
})

describe('syncScheduler', () => {
  it('flushes at once, and has nothing to cancel', () => {
    let flushes = 0
    syncScheduler(() => flushes++)()
    expect(flushes).toBe(1)
  })
})
