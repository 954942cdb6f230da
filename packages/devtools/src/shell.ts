import type { Chat } from '@statechat/core'
import { createDeck } from './deck.ts'
import { openChat } from './open-chat.ts'
import { createPanel, type Panel } from './panel.ts'
import { publishSize } from './publish-size.ts'
import { readSettings, type Settings, writeSettings } from './settings.ts'
import type { Source } from './source.ts'
import { styleSheet } from './style.ts'
import { el } from './widgets/el.ts'
import { createFrame } from './widgets/frame.ts'
import { createResizer, MIN_SIZE } from './widgets/resizer.ts'

/** What is in the element's shadow: a button, or the panel. */
export interface Shell {
  show(chat: Chat): void
  hide(chat: Chat): void
  setOpen(isOpen: boolean): void
  stop(): void
}

export interface ShellOptions {
  readonly isOpen: boolean
  onToggle(isOpen: boolean): void
}

/** How much of the page stays in sight. */
const MARGIN = 80

export function createShell(host: HTMLElement, { isOpen: isOpenAtFirst, onToggle }: ShellOptions): Shell {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' })
  root.adoptedStyleSheets = [styleSheet()]
  const sources = new Map<Chat, Source>()
  const frame = createFrame(render)
  const change = () => {
    if (isOpen) frame.request()
  }
  const deck = createDeck(change)
  const opener = el('button', { type: 'button', class: 'opener', 'aria-expanded': 'false', onclick: () => toggle(true) }, 'Chat devtools')
  const resizer = createResizer((size) => set({ [settings.dock]: size }))
  const section = el('section', { class: 'shell', 'aria-label': 'Chat devtools', onkeydown }, resizer.element)
  let settings = readSettings()
  let panel: Panel | undefined
  let isOpen = false

  function set(next: Partial<Settings>) {
    settings = { ...settings, ...next }
    writeSettings(settings)
    change()
  }
  function onkeydown(event: KeyboardEvent) {
    if (event.key === 'Escape' && !event.defaultPrevented) toggle(false)
  }
  /** As a person does it: the focus goes along. */
  function toggle(next: boolean) {
    setOpen(next)
    onToggle(next)
    if (next) panel?.focus()
    else opener.focus()
  }
  function setOpen(next: boolean) {
    isOpen = next
    root.replaceChildren(isOpen ? openPanel() : opener)
    if (isOpen) render()
    else {
      frame.cancel()
      publishSize(undefined)
    }
  }
  function openPanel() {
    if (!panel) {
      const onDock = () => set({ dock: settings.dock === 'bottom' ? 'right' : 'bottom' })
      panel = createPanel({ deck, onChange: change, onDock, onClose: () => toggle(false) })
      section.append(panel.element)
    }
    return section
  }
  function render() {
    const { dock } = settings
    const max = Math.max(MIN_SIZE, (dock === 'bottom' ? innerHeight : innerWidth) - MARGIN)
    const size = Math.min(max, Math.max(MIN_SIZE, settings[dock]))
    section.dataset['dock'] = dock
    section.style.setProperty('--size', `${size}px`)
    resizer.show(dock === 'bottom' ? 'height' : 'width', size, max)
    publishSize({ dock, size })
    panel?.render(dock)
  }

  addEventListener('resize', change)
  setOpen(isOpenAtFirst)
  return {
    show(chat) {
      if (sources.has(chat)) return
      const source = openChat(chat)
      sources.set(chat, source)
      deck.add(source)
    },
    hide(chat) {
      const source = sources.get(chat)
      sources.delete(chat)
      if (source) deck.remove(source)
    },
    setOpen,
    stop() {
      removeEventListener('resize', change)
      frame.cancel()
      publishSize(undefined)
      deck.stop()
      sources.clear()
      root.replaceChildren()
    },
  }
}
