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
