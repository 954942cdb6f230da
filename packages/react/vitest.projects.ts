import react from '@vitejs/plugin-react'
import type { TestProjectConfiguration } from 'vitest/config'
import { dom, fromRoot, server } from '../../tests/conditions.ts'

const react18 = (name: string) => fromRoot(`tests/react-18/node_modules/${name}`)
/** Its CommonJS build would `require` the React beside it, past the alias. */
const testingLibrary = fromRoot('node_modules/@testing-library/react/dist/@testing-library/react.esm.js')

const test = { root: 'packages/react', environment: 'happy-dom', include: ['test/**/*.test.tsx'], exclude: ['test/**/*.ssr.test.tsx'] }

export const reactProjects: TestProjectConfiguration[] = [
  { ...dom, plugins: [react()], test: { ...test, name: 'react', env: { REACT_MAJOR: '19' } } },
  {
    ...dom,
    plugins: [react()],
    resolve: { ...dom.resolve, alias: { react: react18('react'), 'react-dom': react18('react-dom'), '@testing-library/react': testingLibrary } },
    test: { ...test, name: 'react-18', env: { REACT_MAJOR: '18' }, server: { deps: { inline: [/@testing-library\/react/] } } },
  },
  { ...server, plugins: [react()], test: { name: 'react-ssr', root: 'packages/react', environment: 'node', include: ['test/**/*.ssr.test.tsx'] } },
]
