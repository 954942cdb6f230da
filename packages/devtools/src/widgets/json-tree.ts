import { el } from './el.ts'
import { createJsonNode } from './json-node.ts'

export interface JsonTree {
  readonly element: HTMLElement
  update(value: Readonly<Record<string, unknown>>): void
}

/** A value as a tree that is made as far as it is opened. One of its items is in the tab order; the arrow keys do the rest (ARIA: tree view). */
export function createJsonTree(label: string): JsonTree {
  const element = el('div', { class: 'tree', role: 'tree', 'aria-label': label, onclick, onkeydown, onfocusin })
  const nodes = new Map<string, ReturnType<typeof createJsonNode>>()
  let current: HTMLElement | undefined

  const items = () => [...element.querySelectorAll<HTMLElement>('[role=treeitem]')]
  const isOpen = (item: Element) => item.getAttribute('aria-expanded') === 'true'
  const isParent = (item: Element) => item.hasAttribute('aria-expanded')
  const parentOf = (item: Element) => item.parentElement?.closest<HTMLElement>('[role=treeitem]')

  function toggle(item: Element, open: boolean) {
    if (isParent(item)) item.dispatchEvent(new CustomEvent('statechat-toggle', { detail: open }))
    settle()
  }
  /** Exactly one item can be reached with Tab. */
  function settle(next = current) {
    const reachable = next && element.contains(next) ? next : element.querySelector<HTMLElement>('[role=treeitem]')
    if (current !== reachable && current) current.tabIndex = -1
    current = reachable ?? undefined
    if (current) current.tabIndex = 0
  }
  function onfocusin({ target }: FocusEvent) {
    settle(target as HTMLElement)
  }
  function onclick({ target }: MouseEvent) {
    const line = (target as Element).closest('.line')
    const item = line?.parentElement
    if (!item) return
    toggle(item, !isOpen(item))
    item.focus()
  }
  function onkeydown(event: KeyboardEvent) {
    const item = (event.target as Element).closest<HTMLElement>('[role=treeitem]')
    if (!item || event.altKey || event.ctrlKey || event.metaKey) return
    const next = destination(event.key, item)
    if (next === undefined) return
    event.preventDefault()
    next?.focus()
  }
  /** What gets the focus; null: it stays. Undefined: not our key. */
  function destination(key: string, item: HTMLElement): HTMLElement | null | undefined {
    switch (key) {
      case 'ArrowDown':
      case 'ArrowUp': {
        const all = items()
        return all[all.indexOf(item) + (key === 'ArrowDown' ? 1 : -1)] ?? null
      }
      case 'Home':
        return items()[0]
      case 'End':
        return items().at(-1)
      case 'ArrowRight':
        if (isParent(item) && !isOpen(item)) return (toggle(item, true), null)
        return item.querySelector<HTMLElement>('[role=treeitem]')
      case 'ArrowLeft':
        if (isOpen(item)) return (toggle(item, false), null)
        return parentOf(item) ?? null
      case 'Enter':
      case ' ':
        return (toggle(item, !isOpen(item)), null)
      default:
        return undefined
    }
  }

  return {
    element,
    update(value) {
      for (const [key, node] of nodes) {
        if (value[key] !== undefined) continue
        node.element.remove()
        nodes.delete(key)
      }
      for (const [key, item] of Object.entries(value)) {
        if (item === undefined) continue
        let node = nodes.get(key)
        if (!node) {
          nodes.set(key, (node = createJsonNode(key, 1, key === 'messages')))
          element.append(node.element)
        }
        node.update(item)
      }
      settle()
    },
  }
}
