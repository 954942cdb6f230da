import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { server } from './tests/conditions.ts'

/** The playground and the benchmark's pages in a real Chromium. Needs Debian's `chromium`, or `CHROMIUM` set to the path of another one. */
export default defineConfig({
  ...server,
  test: {
    name: 'browser',
    environment: 'node',
    // Most of the time a page is waited for.
    maxWorkers: availableParallelism(),
    include: ['{tests,benchmarks}/browser/**/*.test.{ts,js}'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Not the one second of vitest: a page on a busy machine takes longer than that to open.
    expect: { poll: { timeout: 20_000 } },
  },
})
