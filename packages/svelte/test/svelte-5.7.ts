import { createRequire } from 'node:module'
import { type Plugin, transformWithOxc } from 'vite'
import { fromRoot } from '../../../tests/conditions.ts'

const importer = fromRoot('tests/svelte-5.7/package.json')
const { compile, compileModule } = createRequire(importer)('svelte/compiler') as typeof import('svelte/compiler')

/**
 * The oldest Svelte with its own compiler: vite-plugin-svelte compiles with the one beside it, whose output calls
 * internals that the old runtime does not have.
 */
export function svelte57(generate: 'client' | 'server'): Plugin {
  return {
    name: 'svelte-5.7',
    enforce: 'pre',
    config: () => ({ ssr: { noExternal: [/svelte/, 'esm-env'] } }),
    resolveId(id, _importer, options) {
      if (id === 'svelte' || id.startsWith('svelte/')) return this.resolve(id, importer, { ...options, skipSelf: true })
      return null
    },
    async transform(code, id) {
      const filename = id.split('?')[0]!
      if (filename.endsWith('.svelte')) return compile(code, { filename, generate, dev: true, css: 'injected' }).js
      if (!/\.svelte\.(test\.)?[jt]s$/.test(filename)) return null
      const { code: js } = filename.endsWith('ts') ? await transformWithOxc(code, filename, { target: 'esnext' }) : { code }
      return compileModule(js, { filename, generate, dev: true }).js
    },
  }
}
