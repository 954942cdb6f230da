import { svelte } from '@sveltejs/vite-plugin-svelte'
import react from '@vitejs/plugin-react'
import vue from '@vitejs/plugin-vue'
import { defaultClientConditions, defaultServerConditions, defineConfig } from 'vite'
import solid from 'vite-plugin-solid'

/** Resolves `@statechat/*` to source, so that nothing has to be built first. */
const SOURCE = '@statechat/source'

/** React and Solid both write JSX: each keeps to its folder. */
export default defineConfig({
  root: import.meta.dirname,
  appType: 'mpa',
  plugins: [react({ include: /\/playground\/react\// }), vue(), svelte({ configFile: false }), solid({ include: /\/playground\/solid\// })],
  resolve: { conditions: [SOURCE, ...defaultClientConditions] },
  ssr: { noExternal: [/^@statechat\//], resolve: { conditions: [SOURCE, ...defaultServerConditions] } },
})
