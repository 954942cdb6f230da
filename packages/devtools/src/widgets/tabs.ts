import { el } from './el.ts'
import { moved } from './roving.ts'

export interface Tab {
  readonly name: string
  readonly panel: HTMLElement
}

export interface Tabs {
  readonly element: HTMLElement
  readonly selected: number
  focus(): void
}

/** Tabs with their panels; the arrow keys go from tab to tab (ARIA: tabs with automatic activation). */
export function createTabs(label: string, tabs: readonly Tab[], onSelect: (index: number) => void): Tabs {
  let selected = 0
  const buttons = tabs.map(({ name }, index) =>
    el('button', { type: 'button', role: 'tab', id: `tab-${index}`, 'aria-controls': `panel-${index}`, onclick: () => select(index) }, name),
  )
  const panels = tabs.map(({ panel }, index) =>
    el('div', { class: 'tabpanel', role: 'tabpanel', id: `panel-${index}`, 'aria-labelledby': `tab-${index}`, tabindex: 0 }, panel),
  )

  function select(index: number) {
    selected = index
    show()
    onSelect(index)
  }
  function show() {
    for (const [index, button] of buttons.entries()) {
      button.setAttribute('aria-selected', String(index === selected))
      button.tabIndex = index === selected ? 0 : -1
      panels[index]!.hidden = index !== selected
    }
  }
  function onkeydown(event: KeyboardEvent) {
    const next = moved(event.key, selected, tabs.length, 'horizontal')
    if (next === undefined) return
    event.preventDefault()
    select(next)
    buttons[next]!.focus()
  }
  show()
  return {
    element: el('div', { class: 'tabs' }, el('div', { class: 'tablist', role: 'tablist', 'aria-label': label, onkeydown }, ...buttons), ...panels),
    get selected() {
      return selected
    },
    focus: () => buttons[selected]!.focus(),
  }
}
