import { createServer } from 'vite'
import type { TestProject } from 'vitest/node'
import { fromRoot, server } from '../../../tests/conditions.ts'
import { oldest, plugins } from '../vitest.projects.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** What the server's half of this binding renders for `storedPage()`. */
    html: string
    /** And for a `Page` with one message. */
    page: string
  }
}

/** In a page there is only the client's half of Solid, so the HTML that is hydrated there is rendered here, by the same version. */
export default async function renderOnServer({ config, provide }: TestProject): Promise<void> {
  const resolve = config.env['SOLID_MINOR'] === '1.8' ? { ...server.resolve, alias: oldest('server') } : server.resolve
  const vite = await createServer({
    ...server,
    resolve,
    plugins: plugins(),
    configFile: false,
    appType: 'custom',
    logLevel: 'error',
    server: { middlewareMode: true, ws: false },
  })
  try {
    const { renderPage, renderStoredPage } = await vite.ssrLoadModule(fromRoot('packages/solid/test/server-harness.tsx'))
    provide('html', renderStoredPage())
    provide('page', renderPage())
  } finally {
    await vite.close()
  }
}
