import { fileURLToPath } from 'node:url'
import { createServer, type InlineConfig } from 'vite'
import type { ServerHarness } from './harness.ts'
import type { storedPage as StoredPage } from './stored-page.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** What the binding's server renders for `storedPage()`: `inject('html')` in a test. */
    html: string
  }
}

const STORED_PAGE = fileURLToPath(new URL('./stored-page.ts', import.meta.url))

/**
 * Renders `storedPage()` with a binding's server side, in Node, whatever environment its tests run in: for a project's
 * `globalSetup`, which hands the HTML to the tests with `provide`. `entry` exports `serverHarness`.
 *
 * @example
 * export default async ({ provide }: TestProject) =>
 *   provide('html', await renderStoredPage({ ...server, plugins: [solid({ ssr: true })] }, fromRoot('packages/solid/test/server-harness.tsx')))
 */
export async function renderStoredPage(config: InlineConfig, entry: string): Promise<string> {
  const vite = await createServer({ configFile: false, appType: 'custom', logLevel: 'error', server: { middlewareMode: true, ws: false }, ...config })
  try {
    const { serverHarness } = (await vite.ssrLoadModule(entry)) as { serverHarness: ServerHarness }
    // Loaded as the entry is: Node by itself would look for a built core.
    const { storedPage } = (await vite.ssrLoadModule(STORED_PAGE)) as { storedPage: typeof StoredPage }
    return await serverHarness.render(storedPage())
  } finally {
    await vite.close()
  }
}
