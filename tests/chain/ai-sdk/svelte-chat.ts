import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { AbstractChat, ChatInit, UIMessage } from 'ai'
import { compileModule } from 'svelte/compiler'

/**
 * `Chat` of `@ai-sdk/svelte`. Its package ships runes, which a bundler compiles: here it is done by hand, for plain Node.
 * What it imports is found from where it lies.
 */
const file = fileURLToPath(new URL('../../../node_modules/@ai-sdk/svelte/dist/chat.svelte.js', import.meta.url))
const { resolve } = createRequire(file)
const { js } = compileModule(readFileSync(file, 'utf8'), { generate: 'client', filename: file })
const code = js.code.replace(/(from |import )'([^'.][^']*)'/g, (_all, before: string, name: string) => `${before}'${locate(name)}'`)
const module = (await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(code)}`)) as {
  Chat: new (init: ChatInit<UIMessage>) => AbstractChat<UIMessage>
}

export const SvelteChat = module.Chat

function locate(name: string): string {
  // Its `browser` build is the one with signals.
  if (name.startsWith('svelte')) return import.meta.resolve(name)
  return pathToFileURL(resolve(name)).href
}
