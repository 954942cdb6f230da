import { svelte } from '@sveltejs/vite-plugin-svelte'
import { svelteTesting } from '@testing-library/svelte/vite'
import type { TestProjectConfiguration } from 'vitest/config'
import { dom, server } from '../../tests/conditions.ts'
import { svelte57 } from './test/svelte-5.7.ts'

const test = {
  root: 'packages/svelte',
  environment: 'happy-dom',
  include: ['test/**/*.test.ts'],
  exclude: ['test/**/*.ssr.test.ts'],
  globalSetup: 'test/render-html.ts',
}

export const svelteProjects: TestProjectConfiguration[] = [
  { ...dom, plugins: [svelte({ configFile: false }), svelteTesting()], test: { ...test, name: 'svelte', env: { SVELTE: '5.57' } } },
  {
    ...dom,
    plugins: [svelte57('client'), svelteTesting()],
    test: { ...test, name: 'svelte-5.7', env: { SVELTE: '5.7' }, server: { deps: { inline: [/svelte/] } } },
  },
  {
    ...server,
    plugins: [svelte({ configFile: false })],
    test: { name: 'svelte-ssr', root: 'packages/svelte', environment: 'node', include: ['test/**/*.ssr.test.ts'] },
  },
]
