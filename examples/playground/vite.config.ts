import react from '@vitejs/plugin-react'
import { defaultClientConditions, defaultServerConditions, defineConfig } from 'vite'

/** Resolves `@statechat/*` to source, so that nothing has to be built first. */
const SOURCE = '@statechat/source'

export default defineConfig({
  root: import.meta.dirname,
  appType: 'mpa',
  plugins: [react()],
  resolve: { conditions: [SOURCE, ...defaultClientConditions] },
  ssr: { resolve: { conditions: [SOURCE, ...defaultServerConditions] } },
})
