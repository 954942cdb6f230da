/** Bundles a file of the tree from source and imports it, so that scripts need no build. */
import { build } from 'esbuild'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

export const SOURCE_CONDITION = '@statechat/source'

/** Writes the bundle of a file to `outfile`. */
export const bundle = (entry, outfile, options = {}) =>
  build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    conditions: [SOURCE_CONDITION, 'module'],
    logLevel: 'error',
    ...options,
  })

export async function load(entry) {
  const folder = mkdtempSync(join(tmpdir(), 'statechat-'))
  try {
    const outfile = join(folder, 'bundle.mjs')
    await bundle(entry, outfile)
    return await import(pathToFileURL(outfile).href)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
