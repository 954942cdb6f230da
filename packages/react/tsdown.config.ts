import { defineConfig } from 'tsdown'

export default defineConfig({
  entry: { index: 'src/index.ts' },
  format: 'esm',
  platform: 'neutral',
  target: 'es2022',
  dts: true,
  fixedExtension: false,
  // One file per module keeps each 'use client' where it belongs: the index has none, so that its `export *` and the
  // core's functions stay usable in server components.
  unbundle: true,
})
