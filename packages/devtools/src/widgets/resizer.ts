import { el } from './el.ts'

export interface Resizer {
  readonly element: HTMLElement
  /** The size that is set, and how large it may be. */
  show(axis: 'height' | 'width', size: number, max: number): void
}

export const MIN_SIZE = 180
const STEP = 16
const LARGE_STEP = 64

/** The edge of the panel: dragged, or moved with the arrow keys (ARIA: window splitter). */
export function createResizer(onResize: (size: number) => void): Resizer {
  const element = el('div', { class: 'resizer', role: 'separator', 'aria-label': 'Size of the panel', tabindex: 0, onkeydown, onpointerdown })
  let [axis, size, max]: ['height' | 'width', number, number] = ['height', MIN_SIZE, MIN_SIZE]

  const set = (next: number) => onResize(Math.round(Math.min(max, Math.max(MIN_SIZE, next))))

  function onkeydown(event: KeyboardEvent) {
    const next = sizeAfter(event)
    if (next === undefined) return
    event.preventDefault()
    set(next)
  }
  function sizeAfter({ key, shiftKey }: KeyboardEvent): number | undefined {
    const step = shiftKey ? LARGE_STEP : STEP
    switch (key) {
      case axis === 'height' ? 'ArrowUp' : 'ArrowLeft':
        return size + step
      case axis === 'height' ? 'ArrowDown' : 'ArrowRight':
        return size - step
      case 'Home':
        return MIN_SIZE
      case 'End':
        return max
      default:
        return undefined
    }
  }
  function onpointerdown(event: PointerEvent) {
    event.preventDefault()
    element.setPointerCapture(event.pointerId)
    element.addEventListener('pointermove', drag)
    element.addEventListener('lostpointercapture', () => element.removeEventListener('pointermove', drag), { once: true })
  }
  function drag({ clientX, clientY }: PointerEvent) {
    set(axis === 'height' ? innerHeight - clientY : innerWidth - clientX)
  }
  return {
    element,
    show(nextAxis, nextSize, nextMax) {
      ;[axis, size, max] = [nextAxis, nextSize, nextMax]
      element.setAttribute('aria-orientation', axis === 'height' ? 'horizontal' : 'vertical')
      element.setAttribute('aria-valuemin', String(MIN_SIZE))
      element.setAttribute('aria-valuemax', String(max))
      element.setAttribute('aria-valuenow', String(size))
    },
  }
}
