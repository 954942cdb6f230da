export type Dock = 'bottom' | 'right'

/** How a person likes the panel; kept between visits. */
export interface Settings {
  readonly dock: Dock
  /** Height in px at the bottom. */
  readonly bottom: number
  /** Width in px at the right. */
  readonly right: number
}

const KEY = 'statechat-devtools'
const DEFAULTS: Settings = { dock: 'bottom', bottom: 380, right: 460 }

export function readSettings(): Settings {
  try {
    const stored = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Record<keyof Settings, unknown>>
    return {
      dock: stored.dock === 'right' ? 'right' : 'bottom',
      bottom: sizeOf(stored.bottom, DEFAULTS.bottom),
      right: sizeOf(stored.right, DEFAULTS.right),
    }
  } catch {
    return DEFAULTS
  }
}

export function writeSettings(settings: Settings): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(settings))
  } catch {
    // A page that may not store anything forgets how its panel was.
  }
}

const sizeOf = (stored: unknown, otherwise: number): number => (typeof stored === 'number' && Number.isFinite(stored) ? stored : otherwise)
