import type { Deck } from './deck.ts'
import type { Dock } from './settings.ts'
import { formatTime } from './text/format-time.ts'
import { el, setAttribute, setText } from './widgets/el.ts'

export interface Toolbar {
  readonly element: HTMLElement
  render(dock: Dock): void
}

export interface ToolbarOptions {
  readonly deck: Deck
  onExport(): void
  onImport(file: File): void
  onDock(): void
  onClose(): void
}

/** Which chat, which moment, files, and where the panel is. */
export function createToolbar({ deck, onExport, onImport, onDock, onClose }: ToolbarOptions): Toolbar {
  const chats = el('select', { 'aria-label': 'Chat', onchange: () => deck.select(deck.sources[chats.selectedIndex]!) })
  const status = el('output', { class: 'status', 'aria-label': 'State', 'aria-live': 'off' })
  const pause = button('Pause', () => (deck.isLive ? deck.pause() : deck.follow()))
  const back = button('◀', () => step(-1), 'Step back')
  const forward = button('▶', () => step(1), 'Step forward')
  const moment = el('input', { type: 'range', 'aria-label': 'Moment', oninput: () => deck.seek(Number(moment.value)) })
  const position = el('span', { class: 'position' })
  const file = el('input', { type: 'file', accept: '.json,application/json', hidden: true, 'aria-label': 'Trace file', onchange: pick })
  const dock = button('Dock right', onDock)

  function step(by: number) {
    const entry = deck.view?.entry
    if (entry) deck.seek(entry.number + by)
  }
  function pick() {
    const [picked] = file.files ?? []
    if (picked) onImport(picked)
    // The same file may be picked again.
    file.value = ''
  }
  function renderChats() {
    const names = deck.sources.map(({ name }) => name)
    const isSame = chats.options.length === names.length && names.every((name, i) => chats.options[i]!.text === name)
    if (!isSame) chats.replaceChildren(...names.map((name) => el('option', {}, name)))
    chats.selectedIndex = deck.source ? deck.sources.indexOf(deck.source) : -1
  }
  function renderMoment() {
    const { recording, entry } = deck.view ?? {}
    const [first, end] = [recording?.entries.first ?? 0, recording?.entries.end ?? 0]
    const number = entry?.number ?? first
    moment.min = String(first)
    moment.max = String(Math.max(first, end - 1))
    moment.value = String(number)
    back.disabled = number <= first
    forward.disabled = number >= end - 1
    const text = entry ? `${number - first + 1} / ${end - first} · ${formatTime(entry.at)}` : ''
    setText(position, text)
    setAttribute(moment, 'aria-valuetext', entry ? `${text} · ${entry.event.type}` : undefined)
  }

  return {
    element: el(
      'div',
      { class: 'toolbar', role: 'group', 'aria-label': 'Chat, moment and files' },
      chats,
      status,
      el('span', { class: 'group' }, back, pause, forward),
      moment,
      position,
      el(
        'span',
        { class: 'group end' },
        button('Export', onExport),
        button('Import', () => file.click()),
        file,
        dock,
        button('Close', onClose),
      ),
    ),
    render(placed) {
      renderChats()
      renderMoment()
      setText(dock, placed === 'bottom' ? 'Dock right' : 'Dock bottom')
      setText(status, deck.view?.entry?.moment.path.replaceAll('.', ' › ') ?? 'nothing yet')
      setAttribute(pause, 'aria-pressed', String(!deck.isLive))
    },
  }
}

const button = (text: string, onclick: () => void, label?: string) => el('button', { type: 'button', 'aria-label': label, onclick }, text)
