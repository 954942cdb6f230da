import { chatMachine } from '@statechat/core'
import { isActive } from '../recording/state-path.ts'
import { el, setAttribute, setText } from '../widgets/el.ts'
import type { Pane } from './pane.ts'

const GAP = 8

/** What is read of XState's nodes. */
interface StateNode {
  readonly key: string
  readonly path: readonly string[]
  readonly states: Readonly<Record<string, StateNode>>
}

/** The machine's states as boxes in boxes, drawn from its definition. The active ones are marked, and the last way between two of them. */
export function createStatechart(): Pane {
  const boxes = new Map<string, HTMLElement>()
  const transition = el('p', { class: 'transition' })
  const states = listOf(chatMachine.root, boxes)
  states.setAttribute('aria-label', 'States of the machine')
  const element = el('section', { class: 'chart', 'aria-label': 'Statechart', tabindex: 0 }, states, transition)
  let shown = ''

  /** In a small panel the chart is scrolled to where the chat is; not with scrollIntoView, which moves the page, too. */
  function reveal(box: HTMLElement | undefined) {
    if (!box) return
    const [inner, outer] = [box.getBoundingClientRect(), element.getBoundingClientRect()]
    if (inner.top < outer.top) element.scrollTop -= outer.top - inner.top + GAP
    else if (inner.bottom > outer.bottom) element.scrollTop += inner.bottom - outer.bottom + GAP
  }
  return {
    element,
    render({ entry }) {
      const path = entry?.moment.path ?? ''
      const last = entry?.transition
      const now = `${path} ${last?.event} ${last?.from}`
      if (now === shown) return
      shown = now
      for (const [name, box] of boxes) {
        setAttribute(box, 'aria-current', isActive(name, path) ? 'true' : undefined)
        setAttribute(box, 'data-left', last?.from === name && !isActive(name, path) ? '' : undefined)
      }
      reveal(boxes.get(path))
      setText(transition, last ? `${last.event}: ${last.from} → ${last.to}` : 'No transition yet')
    },
  }
}

function listOf({ states }: StateNode, boxes: Map<string, HTMLElement>): HTMLElement {
  return el('ul', {}, ...Object.values(states).map((node) => boxOf(node, boxes)))
}

function boxOf(node: StateNode, boxes: Map<string, HTMLElement>): HTMLElement {
  const path = node.path.join('.')
  const isParent = Object.keys(node.states).length > 0
  const box = el('li', { 'data-state': path }, el('span', { class: 'state' }, node.key), ...(isParent ? [listOf(node, boxes)] : []))
  boxes.set(path, box)
  return box
}
