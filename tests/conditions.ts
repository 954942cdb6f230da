import { fileURLToPath } from 'node:url'
import { defaultClientConditions, defaultServerConditions } from 'vite'

/** Tests run on `src` of every package: the custom condition resolves `@statechat/*` to source, no build needed. */
const SOURCE = '@statechat/source'

const conditions = (defaults: readonly string[]) => ({
  resolve: { conditions: [SOURCE, ...defaults] },
  ssr: { resolve: { conditions: [SOURCE, ...defaults] } },
})

/** For projects with a DOM: the client builds of the frameworks. */
export const dom = conditions(defaultClientConditions)

/** For projects without. */
export const server = conditions(defaultServerConditions)

/** A path from the root of the repository. */
export const fromRoot = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url))
