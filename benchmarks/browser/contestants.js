import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export const ROOT = join(import.meta.dirname, '..', '..')
export const PAGES = join(import.meta.dirname, 'pages')

/** One page each: `file` below `pages/<framework>`, and the package whose version is reported. */
const ALL = [
  { framework: 'floor', name: 'floor', title: 'by hand', file: 'floor.js' },
  { framework: 'react', name: 'statechat', title: 'statechat', file: 'statechat.jsx' },
  { framework: 'react', name: 'ai-sdk', title: 'AI SDK', file: 'ai-sdk.jsx', package: '@ai-sdk/react' },
  {
    framework: 'react',
    name: 'ai-sdk-throttled',
    title: 'AI SDK, throttle 50',
    file: 'ai-sdk.jsx',
    package: '@ai-sdk/react',
    query: { throttle: 50 },
  },
  { framework: 'react', name: 'tanstack-ai', title: 'TanStack AI', file: 'tanstack-ai.jsx', package: '@tanstack/ai-react' },
  { framework: 'vue', name: 'statechat', title: 'statechat', file: 'statechat.js' },
  { framework: 'vue', name: 'ai-sdk', title: 'AI SDK', file: 'ai-sdk.js', package: '@ai-sdk/vue' },
  { framework: 'svelte', name: 'statechat', title: 'statechat', file: 'statechat.js' },
  { framework: 'svelte', name: 'ai-sdk', title: 'AI SDK', file: 'ai-sdk.js', package: '@ai-sdk/svelte' },
  { framework: 'solid', name: 'statechat', title: 'statechat', file: 'statechat.jsx' },
]

/** The folder of an installed package; `peers` is another folder with `node_modules`, for what is not installed here. */
function locate(name, peers) {
  const folders = [join(import.meta.dirname, '..'), ROOT, ...(peers ? [peers] : [])]
  return folders.map((folder) => join(folder, 'node_modules', name)).find((folder) => existsSync(join(folder, 'package.json')))
}

const versionOf = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version

/** Who takes part: of these frameworks (all, if none is named), with what is installed. */
export function contestants({ frameworks = [], names = [], peers, onMissing = () => {} } = {}) {
  return ALL.flatMap((one) => {
    const isIn = (asked, value) => asked.length === 0 || asked.includes(value)
    if (one.name !== 'floor' && !(isIn(frameworks, one.framework) && isIn(names, one.name))) return []
    const id = `${one.framework}/${one.name}`
    if (!one.package) return [{ ...one, id }]
    const folder = locate(one.package, peers)
    if (folder) return [{ ...one, id, folder, version: versionOf(folder) }]
    onMissing(one)
    return []
  })
}
