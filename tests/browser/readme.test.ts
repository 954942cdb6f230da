/** The components that the READMEs and the pages for newcomers begin with, as they stand there, used by a person in a hurry. */
import { svelte } from '@sveltejs/vite-plugin-svelte'
import react from '@vitejs/plugin-react'
import vue from '@vitejs/plugin-vue'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { build, defaultClientConditions, type PluginOption } from 'vite'
import solid from 'vite-plugin-solid'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { encodeSse } from '@statechat/core/wire'
import { fromRoot } from '../conditions.ts'
import { launch } from './chromium.ts'

interface Sample {
  page: string
  file: 'Chat.tsx' | 'Chat.vue' | 'Chat.svelte'
  plugin: () => PluginOption
  mount: string
}
const inReact = (page: string): Sample => ({
  page,
  file: 'Chat.tsx',
  plugin: react,
  mount: "import { createRoot } from 'react-dom/client'\nimport { Chat } from './Chat.tsx'\ncreateRoot(document.body).render(<Chat />)",
})
const SAMPLES: Sample[] = [
  inReact('README.md'),
  inReact('packages/react/README.md'),
  inReact('docs/migrate-from-tanstack-ai.md'),
  inReact('docs/migrate-from-ai-sdk.md'),
  {
    page: 'packages/vue/README.md',
    file: 'Chat.vue',
    plugin: vue,
    mount: "import { createApp } from 'vue'\nimport Chat from './Chat.vue'\ncreateApp(Chat).mount(document.body)",
  },
  {
    page: 'packages/svelte/README.md',
    file: 'Chat.svelte',
    plugin: () => svelte({ configFile: false }),
    mount: "import { mount } from 'svelte'\nimport Chat from './Chat.svelte'\nmount(Chat, { target: document.body })",
  },
  {
    page: 'packages/solid/README.md',
    file: 'Chat.tsx',
    plugin: solid,
    mount: "import { render } from 'solid-js/web'\nimport { Chat } from './Chat.tsx'\nrender(() => <Chat />, document.body)",
  },
]

/** The beginning of an answer that never ends, in the protocol that the page asks for. */
const BEGINNINGS = {
  agUi: [
    { type: 'RUN_STARTED', threadId: 't', runId: 'r' },
    { type: 'TEXT_MESSAGE_START', messageId: 'm', role: 'assistant' },
    { type: 'TEXT_MESSAGE_CONTENT', messageId: 'm', delta: 'Once upon' },
  ],
  uiMessages: [
    { type: 'start', messageId: 'm' },
    { type: 'text-start', id: 'x' },
    { type: 'text-delta', id: 'x', delta: 'Once upon' },
  ],
}

/** A page with this sample and nothing else, and the server that it talks to. */
async function serveSample({ page, file, plugin, mount }: Sample) {
  const text = await readFile(fromRoot(page), 'utf8')
  const [, code] = /^```(?:tsx|vue|svelte)\n([\s\S]*?)^```/m.exec(text)!
  // Below the root, where the frameworks are found.
  const folder = await mkdtemp(join(import.meta.dirname, '.readme-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  await writeFile(join(folder, file), code!)
  await writeFile(join(folder, 'main.tsx'), mount)
  const bundle = await build({
    root: folder,
    configFile: false,
    logLevel: 'warn',
    plugins: [plugin()],
    resolve: { conditions: ['@statechat/source', ...defaultClientConditions] },
    build: { write: false, rolldownOptions: { input: join(folder, 'main.tsx') }, modulePreload: { polyfill: false } },
  })
  if (!('output' in bundle)) throw new Error('One bundle was expected.')
  const files = new Map(bundle.output.map((each) => [`/${each.fileName}`, each.type === 'chunk' ? each.code : each.source]))
  const entry = bundle.output.find((each) => each.type === 'chunk' && each.isEntry)!.fileName
  const beginning = code!.includes('uiMessageStream') ? BEGINNINGS.uiMessages : BEGINNINGS.agUi
  const asked: unknown[] = []
  const server = createServer(async (request, response) => {
    if (request.method !== 'POST') {
      const found = files.get(request.url!)
      response.setHeader('content-type', found ? 'text/javascript' : 'text/html')
      return response.end(found ?? `<!doctype html><link rel="icon" href="data:,"><body><script type="module" src="/${entry}"></script>`)
    }
    let body = ''
    for await (const piece of request) body += piece
    asked.push(JSON.parse(body))
    response.setHeader('content-type', 'text/event-stream')
    for (const event of beginning) response.write(encodeSse({ data: JSON.stringify(event) }))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => close(server))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, asked }
}
function close(server: Server) {
  server.closeAllConnections()
  server.close()
}

let browser: Browser
beforeAll(async () => {
  browser = await launch()
})
afterAll(() => browser?.close())

async function openPage(url: string): Promise<{ page: Page; problems: string[] }> {
  const page = await browser.newPage()
  onTestFinished(() => page.close())
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(String(error)))
  await page.goto(url)
  return { page, problems }
}

describe.for(SAMPLES)('the chat of $page', (sample) => {
  test('sends what was typed, and nothing else: not an empty input, and not at Stop what is half written', async () => {
    const { url, asked } = await serveSample(sample)
    const { page, problems } = await openPage(url)
    const input = page.getByRole('textbox', { name: /Message|Question/ })
    await input.press('Enter')
    await input.fill('Tell me a story')
    await input.press('Enter')
    await page.getByText('Once upon').waitFor()
    await input.fill('And anoth')
    await page.getByRole('button', { name: 'Stop' }).click()
    await page.getByRole('button', { name: 'Stop' }).waitFor({ state: 'detached' })
    expect(await input.inputValue()).toBe('And anoth')
    expect(await page.getByText('And anoth').count()).toBe(0)
    expect({ problems, asked: asked.length }).toEqual({ problems: [], asked: 1 })
  })
})
