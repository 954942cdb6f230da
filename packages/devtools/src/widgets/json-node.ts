import { el, setText } from './el.ts'
import { entriesOf, isExpandable, kindOf, textOf, titleOf } from './json-value.ts'

/** One value of a tree, with what is in it once somebody has opened it. */
export interface JsonNode {
  readonly element: HTMLElement
  update(value: unknown): void
}

let made = 0

export function createJsonNode(key: string, level: number, isOpenAtFirst = false): JsonNode {
  const name = el('span', { class: 'key' }, key)
  const shown = el('span', { class: 'value' })
  const line = el('div', { class: 'line', id: `line-${made++}` }, name, shown)
  // Its own line only: the name of an open one would else be everything in it.
  const element = el('div', { role: 'treeitem', 'aria-level': level, 'aria-labelledby': line.id, tabindex: -1, class: 'node' }, line)
  let group: HTMLElement | undefined
  let value: unknown
  let isNew = true
  let isOpen = isOpenAtFirst
  const nodes = new Map<string, JsonNode>()

  function render() {
    shown.dataset['kind'] = kindOf(value)
    setText(shown, titleOf(value))
    const isParent = isExpandable(value)
    if (!isParent) {
      element.removeAttribute('aria-expanded')
      return close()
    }
    element.setAttribute('aria-expanded', String(isOpen))
    if (isOpen) open()
    else close()
  }
  function close() {
    group?.remove()
    group = undefined
    nodes.clear()
  }
  function open() {
    if (!group) element.append((group = el('div', { role: 'group' })))
    if (typeof value === 'string') {
      if (!group.firstChild) group.append(el('pre'))
      return setText(group.firstElementChild!, textOf(value))
    }
    const entries = entriesOf(value)
    const keys = new Set(entries.map(([name]) => name))
    for (const [name, node] of nodes) {
      if (keys.has(name)) continue
      node.element.remove()
      nodes.delete(name)
    }
    for (const [name, item] of entries) {
      let node = nodes.get(name)
      if (!node) {
        nodes.set(name, (node = createJsonNode(name, level + 1)))
        group.append(node.element)
      }
      node.update(item)
    }
  }
  element.addEventListener('statechat-toggle', (event) => {
    event.stopPropagation()
    isOpen = (event as CustomEvent<boolean>).detail
    render()
  })
  return {
    element,
    update(next) {
      if (!isNew && Object.is(next, value)) return
      isNew = false
      value = next
      render()
    },
  }
}
