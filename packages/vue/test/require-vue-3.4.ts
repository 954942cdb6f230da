import Module, { createRequire } from 'node:module'
import { join } from 'node:path'

type Resolve = (request: string, parent: { filename?: string } | null, ...rest: unknown[]) => string

/** What is required natively goes past the aliases: @testing-library/vue and @vue/test-utils would bring the newest Vue. */
const oldest = createRequire(join(import.meta.dirname, '../../../tests/vue-3.4/package.json'))
const loader = Module as unknown as Record<'_resolveFilename', Resolve>
const { _resolveFilename: resolve } = loader

const resolveOldest: Resolve = (request, parent, ...rest) => {
  const isVue = /^(vue$|@vue\/(?!test-utils))/.test(request)
  return isVue && !parent?.filename?.includes('vue-3.4') ? oldest.resolve(request) : resolve(request, parent, ...rest)
}
Object.assign(loader, { _resolveFilename: resolveOldest })
