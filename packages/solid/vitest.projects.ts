import type { TestProjectConfiguration } from 'vitest/config'
import solid from 'vite-plugin-solid'
import { dom, fromRoot, server } from '../../tests/conditions.ts'

/** All of the oldest version: files, because an alias goes past a package's `exports`; the longest name first, because the first that fits is taken. */
export const oldest = (build: 'dev' | 'server') => {
  const solid18 = (path: string) => fromRoot(`tests/solid-1.8/node_modules/solid-js/${path}dist/${build}.js`)
  return { 'solid-js/store': solid18('store/'), 'solid-js/web': solid18('web/'), 'solid-js': solid18('') }
}

/** With `ssr` both sides are compiled for hydration; which side is the project's environment. */
export const plugins = () => [solid({ ssr: true, hot: false })]

const test = {
  root: 'packages/solid',
  environment: 'happy-dom',
  include: ['test/**/*.test.tsx'],
  exclude: ['test/**/*.ssr.test.tsx'],
  globalSetup: ['test/stored-page.ts'],
  // Inlined, so that the conditions and the alias hold for them too: one copy of Solid.
  server: { deps: { inline: [/solid-js/, /@solidjs\/testing-library/] } },
}

export const solidProjects: TestProjectConfiguration[] = [
  { ...dom, plugins: plugins(), test: { ...test, name: 'solid', env: { SOLID_MINOR: '1.9' } } },
  {
    ...dom,
    plugins: plugins(),
    resolve: { ...dom.resolve, alias: oldest('dev') },
    test: { ...test, name: 'solid-1.8', env: { SOLID_MINOR: '1.8' } },
  },
  {
    ...server,
    plugins: plugins(),
    test: { name: 'solid-ssr', root: 'packages/solid', environment: 'node', include: ['test/**/*.ssr.test.tsx'] },
  },
]
