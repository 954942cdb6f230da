import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { reactProjects } from './packages/react/vitest.projects.ts'
import { solidProjects } from './packages/solid/vitest.projects.ts'
import { svelteProjects } from './packages/svelte/vitest.projects.ts'
import { vueProjects } from './packages/vue/vitest.projects.ts'
import { dom, server } from './tests/conditions.ts'
import { testingGuideProjects } from './tests/testing-guide/vitest.projects.ts'

const node = (name: string, root: string, include: string[], more: object = {}) => ({
  ...server,
  test: { name, root, environment: 'node', include, ...more },
})

/** Long enough for a busy machine; nothing waits for time to pass, so it only shows when something hangs. */
const testTimeout = 30_000
const expect = { poll: { timeout: 20_000 } }

const projects = [
  node('core', 'packages/core', ['{src,test,testing}/**/*.test.ts'], { exclude: ['**/*.lazy.test.ts'], setupFiles: ['./test/setup.ts'] }),
  node('core, loaded as needed', 'packages/core', ['src/**/*.lazy.test.ts']),
  node('server', 'packages/server', ['{src,test}/**/*.test.ts']),
  { ...dom, test: { name: 'devtools', root: 'packages/devtools', environment: 'happy-dom', include: ['test/**/*.test.ts'] } },
  node('chain', 'tests/chain', ['**/*.test.ts']),
  node('survive', 'tests/survive', ['*.test.ts'], { hookTimeout: testTimeout }),
  node('inspect', 'tests/inspect', ['*.test.ts'], { exclude: ['bindings.test.ts'] }),
  {
    ...dom,
    // Inlined, so that the conditions hold for them too: their builds for browsers.
    test: {
      name: 'inspect, bindings',
      root: 'tests/inspect',
      environment: 'happy-dom',
      include: ['bindings.test.ts'],
      server: { deps: { inline: [/solid-js/, /svelte/] } },
    },
  },
  ...reactProjects,
  ...vueProjects,
  ...svelteProjects,
  ...solidProjects,
  ...testingGuideProjects,
] as { test: object }[]

/** A project per framework, version and environment, each with its one vite plugin; they never share JSX. */
export default defineConfig({
  test: {
    // By default one core is left idle, which is half of a machine with two.
    maxWorkers: availableParallelism(),
    projects: projects.map((project) => ({ ...project, test: { testTimeout, expect, ...project.test } })),
  },
})
