import type { Dock } from './settings.ts'

/** Tells the page's style sheets how much the panel covers: `--statechat-devtools-bottom` and `-right`, in px, on the root element. */
export function publishSize(panel: { readonly dock: Dock; readonly size: number } | undefined): void {
  const { style } = document.documentElement
  for (const side of ['bottom', 'right'] as const) {
    const name = `--statechat-devtools-${side}`
    const value = panel?.dock === side ? `${panel.size}px` : ''
    if (style.getPropertyValue(name) !== value) style.setProperty(name, value)
  }
}
