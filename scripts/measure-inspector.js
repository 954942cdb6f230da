/** What an attached inspector costs, as JSON: tests/inspect/measure.ts. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { bundle } from './load.js'

const root = join(import.meta.dirname, '..')
// In the tree, so that packages are found.
const folder = mkdtempSync(join(root, 'node_modules', '.measure-'))
try {
  const outfile = join(folder, 'measure.mjs')
  await bundle(join(root, 'tests/inspect/measure.ts'), outfile, { external: ['@statelyai/inspect'], splitting: false })
  process.exitCode = spawnSync(process.execPath, [outfile], { stdio: 'inherit', env: { ...process.env, NODE_ENV: 'production' } }).status ?? 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
