import type { Trace } from '@statechat/core/trace'
import type { Deck } from './deck.ts'
import { downloadJson, fileNameOf } from './files.ts'
import { openTrace } from './open-trace.ts'
import { createNetwork } from './panes/network.ts'
import { createStatechart } from './panes/statechart.ts'
import { createTimeline } from './panes/timeline.ts'
import { createTools } from './panes/tools.ts'
import { createTranscript } from './panes/transcript.ts'
import type { Dock } from './settings.ts'
import { messageOf } from './text/message-of.ts'
import { createToolbar } from './toolbar.ts'
import { el, setText } from './widgets/el.ts'
import { createTabs } from './widgets/tabs.ts'

export interface Panel {
  readonly element: HTMLElement
  render(dock: Dock): void
  focus(): void
}

export interface PanelOptions {
  readonly deck: Deck
  /** Something else is to be seen: render in the next frame. */
  onChange(): void
  onDock(): void
  onClose(): void
}

/** The open panel: toolbar, statechart, and the other panes behind tabs. */
export function createPanel({ deck, onChange, onDock, onClose }: PanelOptions): Panel {
  const problem = el('p', { class: 'problem', role: 'alert', hidden: true })
  const toolbar = createToolbar({
    deck,
    onDock,
    onClose,
    onExport: () => void attempt(exportTrace),
    onImport: (file) => void attempt(() => importTrace(file)),
  })
  const chart = createStatechart()
  const panes = [createTimeline({ onJump: deck.jump, onChange }), createTranscript(), createTools(), createNetwork()]
  const names = ['Timeline', 'Transcript', 'Tools', 'Network']
  const tabs = createTabs(
    'Panes',
    panes.map(({ element }, i) => ({ name: names[i]!, panel: element })),
    onChange,
  )

  async function attempt(work: () => void | Promise<void>) {
    problem.hidden = true
    try {
      await work()
    } catch (error) {
      problem.hidden = false
      setText(problem, messageOf(error))
    }
  }
  function exportTrace() {
    if (deck.source) downloadJson(deck.source.trace(), `${fileNameOf(deck.source.name)}.trace.json`)
  }
  async function importTrace(file: File) {
    const trace = JSON.parse(await file.text()) as Trace
    const source = await openTrace(trace, file.name)
    deck.add(source)
    deck.select(source)
  }

  return {
    element: el('div', { class: 'panel' }, toolbar.element, problem, el('div', { class: 'panes' }, chart.element, tabs.element)),
    render(dock) {
      toolbar.render(dock)
      if (!deck.view) return
      chart.render(deck.view)
      panes[tabs.selected]!.render(deck.view)
    },
    focus: tabs.focus,
  }
}
