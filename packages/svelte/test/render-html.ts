import { svelte } from '@sveltejs/vite-plugin-svelte'
import type { TestProject } from 'vitest/node'
import { renderStoredPage } from '../../conformance/src/render-stored-page.ts'
import { fromRoot, server } from '../../../tests/conditions.ts'
import { svelte57 } from './svelte-5.7.ts'

/** What the server of the Svelte under test renders is what its client hydrates. */
export default async function renderHtml({ provide, config }: TestProject): Promise<void> {
  // Vitest compiles without HMR, which would put other marks into the HTML.
  const plugins = config.env['SVELTE'] === '5.7' ? [svelte57('server')] : [svelte({ configFile: false, compilerOptions: { hmr: false } })]
  provide('html', await renderStoredPage({ ...server, plugins }, fromRoot('packages/svelte/test/server-harness.ts')))
}
