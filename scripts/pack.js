/** Packs a package as users get it: without the condition that resolves to source, and without our scripts. */
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')

export const PACKAGES = ['core', 'react', 'vue', 'svelte', 'solid', 'server', 'devtools']

/** Returns the path of the tarball. The package must have been built. */
export function pack(name) {
  const from = join(root, 'packages', name)
  const stage = join(root, 'artifacts', name)
  if (!existsSync(join(from, 'dist'))) throw new Error(`packages/${name} is not built. Run: npm run build`)
  rmSync(stage, { recursive: true, force: true })
  mkdirSync(stage, { recursive: true })
  for (const part of ['dist', 'README.md']) cpSync(join(from, part), join(stage, part), { recursive: true })
  cpSync(join(root, 'LICENSE'), join(stage, 'LICENSE'))
  const { scripts: _scripts, devDependencies: _devDependencies, ...manifest } = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8'))
  for (const entry of Object.values(manifest.exports)) if (typeof entry === 'object') delete entry['@statechat/source']
  writeFileSync(join(stage, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
  const [{ filename }] = JSON.parse(execFileSync('npm', ['pack', '--json', '--silent'], { cwd: stage, encoding: 'utf8' }))
  return join(stage, filename)
}
