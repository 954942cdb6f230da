/** Type-checks every `ts` and `tsx` fence in the Markdown of the tree against the sources; one with `no-check` behind it is left out. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PACKAGES } from './pack.js'

const root = join(import.meta.dirname, '..')
const folder = join(root, 'tests', '.docs')
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder)

const files = ['README.md', 'CONTRIBUTING.md', ...markdownIn('docs'), ...PACKAGES.map((name) => `packages/${name}/README.md`)]
let fences = 0
for (const file of files) {
  const text = readFileSync(join(root, file), 'utf8')
  for (const match of text.matchAll(/^```(tsx?)[^\S\n]*(.*)\n([\s\S]*?)^```/gm)) {
    const [, language, flags, code] = match
    if (flags.includes('no-check')) continue
    const line = text.slice(0, match.index).split('\n').length
    const name = `${file.replaceAll(/[/.]/g, '-')}-line-${line}.${language}`
    // A fence without import is a script all the same.
    writeFileSync(join(folder, name), `${code}\nexport {}\n`)
    fences++
  }
}
const tsconfig = {
  extends: '../../tsconfig.base.json',
  compilerOptions: { jsx: 'react-jsx', types: ['node'], noUnusedLocals: false, noUnusedParameters: false },
  include: ['*'],
}
writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(tsconfig))
const { status } = spawnSync('npx', ['tsc', '-p', folder], { cwd: root, stdio: 'inherit' })
rmSync(folder, { recursive: true, force: true })
console.log(`${fences} pieces of code in ${files.length} files ${status === 0 ? 'compile' : 'were checked'}.`)
process.exitCode = status === 0 && fences > 0 ? 0 : 1

function markdownIn(path) {
  return readdirSync(join(root, path), { recursive: true })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(path, name))
}
