import { defineConfig } from 'tsdown'

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    openai: 'src/openai/index.ts',
    scripted: 'src/scripted/index.ts',
    'language-model': 'src/language-model/index.ts',
    'web-socket': 'src/web-socket/index.ts',
    redis: 'src/redis/index.ts',
  },
  format: 'esm',
  platform: 'neutral',
  target: 'es2022',
  dts: true,
  fixedExtension: false,
})
