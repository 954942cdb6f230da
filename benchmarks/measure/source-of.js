import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const bundles = new Map()

/** The file that a line of the bundle comes from: the bundle names it in a comment before. */
export function sourceOf(url, line) {
  if (!url.startsWith('file:')) return url
  if (!bundles.has(url)) bundles.set(url, readFileSync(fileURLToPath(url), 'utf8').split('\n'))
  const comment = bundles.get(url).findLast((text, i) => i <= line && /^ *\/\/ \S+\.[cm]?[jt]sx?$/.test(text))
  return comment?.trim().slice(3) ?? url
}
