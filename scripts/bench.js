/** Runs the benchmarks on the sources: `npm run bench [-- <scenario> --quick …]`, see `benchmarks/options.js`. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundle } from './load.js'

const root = join(import.meta.dirname, '..')
const args = process.argv.slice(2)
const folder = mkdtempSync(join(tmpdir(), 'statechat-'))
try {
  const outfile = join(folder, 'bench.mjs')
  await bundle(join(root, 'benchmarks', 'main.js'), outfile, {
    absWorkingDir: root,
    // As users ship it: minified, without development checks. A profile is to be read.
    minifySyntax: !args.includes('--profile'),
    define: { 'process.env.NODE_ENV': '"production"' },
  })
  const { status, error } = spawnSync(process.execPath, ['--expose-gc', outfile, ...args], { cwd: root, stdio: 'inherit' })
  if (error) throw error
  process.exitCode = status ?? 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
