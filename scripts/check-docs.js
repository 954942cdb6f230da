/** Type-checks every `ts`, `tsx`, `vue` and `svelte` fence in the Markdown of the tree against the sources. */
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
  for (const match of text.matchAll(/^```(tsx?|vue|svelte)[^\S\n]*\n([\s\S]*?)^```/gm)) {
    const [, language, code] = match
    const line = text.slice(0, match.index).split('\n').length
    const name = `${file.replaceAll(/[/.]/g, '-')}-line-${line}.${language}`
    writeFileSync(join(folder, name), asModule(language, code, file))
    fences++
  }
}
const tsconfig = {
  extends: '../../tsconfig.base.json',
  compilerOptions: { jsx: 'react-jsx', types: ['node'], noUnusedLocals: false, noUnusedParameters: false },
  include: ['*'],
}
writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(tsconfig))
const run = (command, args) => spawnSync('npx', [command, ...args], { cwd: root, stdio: 'inherit' }).status
const status = run('vue-tsc', ['-p', folder]) || run('svelte-check', ['--workspace', folder, '--tsconfig', join(folder, 'tsconfig.json')])
rmSync(folder, { recursive: true, force: true })
console.log(`${fences} pieces of code in ${files.length} files ${status === 0 ? 'compile' : 'were checked'}.`)
process.exitCode = status === 0 && fences > 0 ? 0 : 1

/** A fence without import is a module all the same; JSX in Solid's README is Solid's. */
function asModule(language, code, file) {
  if (language === 'vue' || language === 'svelte') return code
  const pragma = language === 'tsx' && file.includes('solid') ? '/** @jsxImportSource solid-js */\n' : ''
  return `${pragma}${code}\nexport {}\n`
}

function markdownIn(path) {
  return readdirSync(join(root, path), { recursive: true })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(path, name))
}
