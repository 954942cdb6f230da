import vue from '@vitejs/plugin-vue'
import type { TestProjectConfiguration } from 'vitest/config'
import { dom, fromRoot, server } from '../../tests/conditions.ts'

/** The testing library `require`s Vue, so the tests are given the very same files: two copies would not know each other's scopes. */
const copyIn = (folder: string) => ({
  resolve: {
    ...dom.resolve,
    alias: [
      { find: /^vue$/, replacement: fromRoot(`${folder}/vue/index.js`) },
      { find: /^vue\/server-renderer$/, replacement: fromRoot(`${folder}/@vue/server-renderer/index.js`) },
    ],
  },
})

const test = {
  root: 'packages/vue',
  environment: 'happy-dom',
  include: ['test/**/*.test.ts'],
  exclude: ['test/**/*.ssr.test.ts'],
}

export const vueProjects: TestProjectConfiguration[] = [
  { ...dom, ...copyIn('node_modules'), plugins: [vue()], test: { ...test, name: 'vue', env: { VUE_VERSION: '3.5' } } },
  {
    ...dom,
    ...copyIn('tests/vue-3.4/node_modules'),
    plugins: [vue()],
    test: { ...test, name: 'vue-3.4', env: { VUE_VERSION: '3.4' }, setupFiles: ['test/require-vue-3.4.ts'] },
  },
  { ...server, plugins: [vue()], test: { name: 'vue-ssr', root: 'packages/vue', environment: 'node', include: ['test/**/*.ssr.test.ts'] } },
]
