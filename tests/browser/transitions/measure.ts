import { made } from './chunks.ts'

/** What the test calls in the page. */
export interface Measure {
  /** Milliseconds from the next input event of this type to the paint of what `selector` finds from then on. */
  untilPainted(event: 'click' | 'keydown', selector: string, text?: string): void
  /** The figure, once there is one. */
  taken(): Promise<number>
  chunks(): number
}

let taken: Promise<number>

const measure: Measure = {
  untilPainted(event, selector, text = '') {
    const isThere = () => document.querySelector(selector)?.textContent?.includes(text)
    taken = new Promise((resolve) => {
      addEventListener(
        event,
        // The time of the input itself: a main thread that is busy when it comes counts.
        ({ timeStamp }) => {
          const observer = new MutationObserver(() => {
            if (!isThere()) return
            observer.disconnect()
            // The first frame is the one that paints it; the second begins when that is done.
            requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - timeStamp)))
          })
          observer.observe(document, { childList: true, subtree: true, characterData: true })
        },
        { capture: true, once: true },
      )
    })
  },
  taken: () => taken,
  chunks: () => made.chunks,
}

Object.assign(globalThis, { measure })
