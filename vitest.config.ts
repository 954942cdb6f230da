import react from '@vitejs/plugin-react'
import { fileURLToPath } from 'node:url'
import { defaultClientConditions, defaultServerConditions } from 'vite'
import { defineConfig } from 'vitest/config'

/** Tests run on `src` of every package: the custom condition resolves `@statechat/*` to source, no build needed. */
const SOURCE = '@statechat/source'
const conditions = (defaults: readonly string[]) => ({
  resolve: { conditions: [SOURCE, ...defaults] },
  ssr: { resolve: { conditions: [SOURCE, ...defaults] } },
})
const dom = conditions(defaultClientConditions)
const server = conditions(defaultServerConditions)
/** Its CommonJS build would `require` the React beside it, past the alias. */
const esm = fileURLToPath(new URL('node_modules/@testing-library/react/dist/@testing-library/react.esm.js', import.meta.url))
const react18 = (name: string) => fileURLToPath(new URL(`tests/react-18/node_modules/${name}`, import.meta.url))

export default defineConfig({
  test: {
    projects: [
      { ...server, test: { name: 'core', root: 'packages/core', environment: 'node', include: ['{src,test,testing}/**/*.test.ts'] } },
      { ...server, test: { name: 'server', root: 'packages/server', environment: 'node', include: ['{src,test}/**/*.test.ts'] } },
      { ...server, test: { name: 'chain', root: 'tests/chain', environment: 'node', include: ['**/*.test.ts'] } },
      {
        ...dom,
        plugins: [react()],
        test: {
          name: 'react',
          root: 'packages/react',
          environment: 'happy-dom',
          env: { REACT_MAJOR: '19' },
          include: ['test/**/*.test.tsx'],
          exclude: ['test/**/*.ssr.test.tsx'],
        },
      },
      {
        ...dom,
        plugins: [react()],
        resolve: { ...dom.resolve, alias: { react: react18('react'), 'react-dom': react18('react-dom'), '@testing-library/react': esm } },
        test: {
          name: 'react-18',
          root: 'packages/react',
          environment: 'happy-dom',
          env: { REACT_MAJOR: '18' },
          include: ['test/**/*.test.tsx'],
          exclude: ['test/**/*.ssr.test.tsx'],
          server: { deps: { inline: [/@testing-library\/react/] } },
        },
      },
      {
        ...server,
        plugins: [react()],
        test: { name: 'react-ssr', root: 'packages/react', environment: 'node', include: ['test/**/*.ssr.test.tsx'] },
      },
    ],
  },
})
