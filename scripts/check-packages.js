/** Packs every package and looks at the tarballs: publint, are-the-types-wrong, and a stranger who installs them. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pack, PACKAGES } from './pack.js'

const root = join(import.meta.dirname, '..')
const run = (command, args, cwd = root) => execFileSync(command, args, { cwd, stdio: 'inherit' })

const tarballs = PACKAGES.map(pack)
for (const tarball of tarballs) {
  run('npx', ['publint', 'run', tarball, '--strict'])
  run('npx', ['attw', tarball, '--profile', 'esm-only', '--no-emoji'])
}

const SCRIPT = `
import { createChat, fetcher } from '@statechat/react'
import { createChat as core } from '@statechat/core'
import { scriptedConnection, run, text } from '@statechat/core/testing'
import { ai, parseChatRequest, toStreamResponse } from '@statechat/server'
import { scripted } from '@statechat/server/scripted'

if (createChat !== core) throw new Error('Two copies of the core.')

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
console.log('Installed from the tarballs, a chat answers.')
`

const TYPES = `
import { fetchServerSentEvents, useChat, type UIMessage } from '@statechat/react'
export function Chat() {
  const { messages, sendMessage, isLoading, error, status, stop, reload } = useChat({ connection: fetchServerSentEvents('/api/chat') })
  const all: readonly UIMessage[] = messages
  return [all.length, sendMessage('x'), isLoading, error?.code, status, stop, reload]
}
`

const stranger = mkdtempSync(join(tmpdir(), 'statechat-'))
try {
  writeFileSync(join(stranger, 'package.json'), JSON.stringify({ type: 'module', private: true }))
  run('npm', ['install', '--no-package-lock', '--silent', ...tarballs, 'react@19', '@types/react@19', 'typescript@6.0.3'], stranger)
  writeFileSync(join(stranger, 'chat.mjs'), SCRIPT)
  run('node', ['chat.mjs'], stranger)
  writeFileSync(join(stranger, 'chat.ts'), TYPES)
  const options = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--target', 'es2022', '--lib', 'es2023,dom']
  run('npx', ['tsc', ...options, 'chat.ts'], stranger)
} finally {
  rmSync(stranger, { recursive: true, force: true })
}
