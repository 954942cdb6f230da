/**
 * Packs every package and looks at the tarballs: publint, are-the-types-wrong, and strangers who install them: one in Node,
 * and an app for each framework (tests/strangers) that is type-checked, built, and used in Chromium.
 */
import { execFileSync, spawn } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { pack, PACKAGES } from './pack.js'

const root = join(import.meta.dirname, '..')
const run = (command, args, cwd = root) => execFileSync(command, args, { cwd, stdio: 'inherit' })

const tarballs = Object.fromEntries(PACKAGES.map((name) => [name, pack(name)]))
for (const tarball of Object.values(tarballs)) {
  run('npx', ['publint', 'run', tarball, '--strict'])
  run('npx', ['attw', tarball, '--profile', 'esm-only', '--no-emoji'])
}

const SCRIPT = `
import { createChat, fetcher } from '@statechat/core'
import { scriptedConnection, run, text } from '@statechat/core/testing'
import { ai, parseChatRequest, toStreamResponse } from '@statechat/server'
import { scripted } from '@statechat/server/scripted'

async function serve(request) {
  const { messages, threadId, runId } = await parseChatRequest(request)
  return toStreamResponse(ai(scripted({ delayMs: 0 })).chat({ messages, threadId, runId }))
}
const headers = { 'content-type': 'application/json' }
const connection = fetcher(({ body }) => serve(new Request('http://localhost/', { method: 'POST', headers, body: JSON.stringify(body) })))
const { outcome, message } = await createChat({ connection }).sendMessage('What is 12 × 7?')
const said = message.parts.map((part) => part.content ?? '').join('')
if (outcome !== 'finished' || !said.includes('84')) throw new Error(outcome + ': ' + said)

const scriptedChat = createChat({ connection: scriptedConnection(run(text('m', 'Hi'))) })
if ((await scriptedChat.sendMessage('Hello')).outcome !== 'finished') throw new Error('The test kit does not work.')
console.log('Node: installed from the tarballs, a chat answers.')
`

await inTemporaryFolder(async (folder) => {
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module', private: true }))
  install(folder, ['core', 'server'])
  writeFileSync(join(folder, 'chat.mjs'), SCRIPT)
  run('node', ['chat.mjs'], folder)
})

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
})
try {
  for (const framework of ['react', 'vue', 'svelte', 'solid']) {
    await inTemporaryFolder(async (folder) => {
      cpSync(join(root, 'tests/strangers', framework), folder, { recursive: true })
      cpSync(join(root, 'tests/strangers/serve.mjs'), join(folder, 'serve.mjs'))
      install(folder, ['core', framework, 'server'])
      run('npm', ['run', '--silent', 'types'], folder)
      run('npx', ['vite', 'build', '--logLevel', 'warn'], folder)
      await use(folder)
      console.log(`${framework}: installed from the tarballs, its app compiles, builds and answers.`)
    })
  }
} finally {
  await browser.close()
}

function install(folder, names) {
  run('npm', ['install', '--no-package-lock', '--no-audit', '--no-fund', '--silent', ...names.map((name) => tarballs[name])], folder)
}

/** Asks the built app a question, as a person would. */
async function use(folder) {
  const server = spawn(process.execPath, ['serve.mjs'], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] })
  const page = await browser.newPage()
  try {
    const problems = []
    page.on('pageerror', (error) => problems.push(error))
    const [url] = await new Promise((resolve, reject) => {
      server.stdout.once('data', (data) => resolve(String(data).split('\n')))
      server.once('exit', (code) => reject(new Error(`The stranger's server ended with ${code}.`)))
    })
    await page.goto(url)
    await page.locator('input[name=text]').fill('What is 12 × 7?')
    await page.keyboard.press('Enter')
    await page.getByText('84').first().waitFor()
    await page.locator('output', { hasText: 'idle' }).waitFor()
    if (problems.length > 0) throw problems[0]
  } finally {
    await page.close()
    server.kill()
  }
}

async function inTemporaryFolder(work) {
  const folder = mkdtempSync(join(tmpdir(), 'statechat-'))
  try {
    await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
