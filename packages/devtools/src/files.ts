import { el } from './widgets/el.ts'

/** Offers a value as a JSON file. */
export function downloadJson(value: object, name: string): void {
  const url = URL.createObjectURL(new Blob([JSON.stringify(value)], { type: 'application/json' }))
  el('a', { href: url, download: name }).click()
  // The browser has taken what it needs with the click.
  URL.revokeObjectURL(url)
}

/** `abc/é 1` → `abc-1`: safe in every file system. */
export const fileNameOf = (name: string): string => name.replaceAll(/[^\w.-]+/g, '-').replaceAll(/^-+|-+$/g, '') || 'chat'
