import { defineConfig } from 'tsdown'

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    wire: 'src/wire.ts',
    testing: 'testing/index.ts',
    'testing/vitest': 'testing/vitest.ts',
    'testing/jest': 'testing/jest.ts',
    'testing/fault-proxy': 'testing/fault-proxy/index.ts',
    tabs: 'src/tabs/index.ts',
    trace: 'src/trace/index.ts',
    persist: 'src/persist/index.ts',
  },
  format: 'esm',
  platform: 'neutral',
  target: 'es2022',
  dts: true,
  fixedExtension: false,
  // A bundler of an application leaves out what it does not import, and fetches late what may come late: both by the file.
  unbundle: true,
})
