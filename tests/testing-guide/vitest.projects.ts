import { svelte } from '@sveltejs/vite-plugin-svelte'
import { svelteTesting } from '@testing-library/svelte/vite'
import react from '@vitejs/plugin-react'
import vue from '@vitejs/plugin-vue'
import solid from 'vite-plugin-solid'
import type { TestProjectConfiguration } from 'vitest/config'
import { dom, fromRoot, server } from '../conditions.ts'

const root = 'tests/testing-guide'
/** A new list for each project: the plugin of Svelte's testing library adds to the one it finds. */
const setupFiles = () => ['./setup.ts']
const shown = (name: string) => ({
  name: `testing guide, ${name}`,
  root,
  setupFiles: setupFiles(),
  environment: 'happy-dom',
  include: [`${name}/*.test.{js,tsx}`],
})

/** The examples of docs/testing.md, in Node and in each framework. */
export const testingGuideProjects: TestProjectConfiguration[] = [
  { ...server, test: { name: 'testing guide', root, setupFiles: setupFiles(), environment: 'node', include: ['*.test.ts'] } },
  { ...dom, plugins: [react()], test: shown('react') },
  {
    ...dom,
    plugins: [vue()],
    // The testing library requires Vue: one copy.
    resolve: { ...dom.resolve, alias: [{ find: /^vue$/, replacement: fromRoot('node_modules/vue/index.js') }] },
    test: shown('vue'),
  },
  { ...dom, plugins: [svelte({ configFile: false }), svelteTesting()], test: shown('svelte') },
  { ...dom, plugins: [solid({ hot: false })], test: { ...shown('solid'), server: { deps: { inline: [/solid-js/, /@solidjs\/testing-library/] } } } },
]
