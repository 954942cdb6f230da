import { defineConfig } from 'vitest/config'

/** The playground in a real Chromium. Needs Debian's `chromium`, or `CHROMIUM` set to the path of another one. */
export default defineConfig({
  test: { name: 'browser', root: 'tests/browser', environment: 'node', include: ['**/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000 },
})
