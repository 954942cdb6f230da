import react from '@vitejs/plugin-react'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import vue from '@vitejs/plugin-vue'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'
import solid from 'vite-plugin-solid'
import { PAGES, ROOT } from './contestants.js'

/** React and Solid give JSX another meaning each: one build per framework. */
const PLUGINS = {
  floor: () => [],
  react: () => [react()],
  vue: () => [vue()],
  svelte: () => [svelte({ configFile: false })],
  solid: () => [solid()],
}

/** Bundles the pages as they are shipped: production, minified (unless a profile wants names), each framework once. Writes `<framework>/<contestant>.js` into `outDir`. */
export async function buildPages(contestants, outDir, { minify = true } = {}) {
  for (const framework of new Set(contestants.map((one) => one.framework))) {
    const own = contestants.filter((one) => one.framework === framework)
    await build({
      root: join(PAGES, framework),
      configFile: false,
      logLevel: 'warn',
      mode: 'production',
      plugins: PLUGINS[framework](),
      define: { 'process.env.NODE_ENV': '"production"' },
      resolve: { alias: aliases(own), dedupe: ['react', 'react-dom', 'vue', 'svelte', 'solid-js'] },
      build: {
        outDir: join(outDir, framework),
        emptyOutDir: true,
        minify,
        reportCompressedSize: false,
        rollupOptions: {
          input: Object.fromEntries(own.map(({ name, file }) => [name, join(PAGES, framework, file)])),
          output: { entryFileNames: '[name].js', chunkFileNames: 'shared-[hash].js' },
        },
      },
    })
  }
}

/** Ours from source; a peer from its folder, and `ai` from the one that its binding was made for. */
function aliases(contestants) {
  const peers = contestants.flatMap(({ package: name, folder }) => {
    if (!name) return []
    const ai = join(folder, 'node_modules', 'ai')
    return [{ find: exactly(name), replacement: folder }, ...(existsSync(ai) ? [{ find: exactly('ai'), replacement: ai }] : [])]
  })
  return [{ find: /^@statechat\/(\w+)$/, replacement: join(ROOT, 'packages/$1/src/index.ts') }, ...peers]
}

const exactly = (name) => new RegExp(`^${name}$`)
