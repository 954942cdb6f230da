/** Runs a benchmark on the sources: `npm run bench [-- long-answer --rounds 15 …]`. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundle } from './load.js'

const [first, ...rest] = process.argv.slice(2)
const isName = first !== undefined && !first.startsWith('-')
const name = isName ? first : 'long-answer'
const folder = mkdtempSync(join(tmpdir(), 'statechat-'))
try {
  const outfile = join(folder, `${name}.mjs`)
  // As users ship it: minified, without development checks.
  await bundle(join(import.meta.dirname, '..', 'benchmarks', `${name}.js`), outfile, {
    minifySyntax: true,
    define: { 'process.env.NODE_ENV': '"production"' },
  })
  execFileSync(process.execPath, [outfile, ...(isName ? rest : process.argv.slice(2))], { stdio: 'inherit' })
} catch (error) {
  process.exitCode = error.status ?? 1
  if (error.status === undefined) console.error(error)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
