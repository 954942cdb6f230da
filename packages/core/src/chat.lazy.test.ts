/** Chats for which no code was loaded ahead: what is fetched when, and that nothing else is different. */
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { ChatOptions } from './chat.ts'
import { run, text, toolCall, toolResult } from '../testing/chunks.ts'
import type { Chunk } from './protocol/chunk.ts'
import type { UIMessage } from './transcript/message.ts'

/** The library as a page has it that was just opened. */
async function freshPage() {
  vi.resetModules()
  const core = await import('./index.ts')
  const { isLoaded } = await import('./session/answering.ts')
  const { agUiRules } = await import('./protocol/ag-ui.ts')
  const { foreign } = await import('./connection/read-connection.ts')
  const loaded = () => [isLoaded() && 'more', agUiRules.get() && 'rules', foreign.get() && 'foreign'].filter(Boolean)
  /** A chat over server-sent events; each answer is one response, in reads of one chunk. */
  const open = (answers: readonly (readonly Chunk[])[], options: Partial<ChatOptions> = {}) => {
    const bodies: unknown[] = []
    const rest = [...answers]
    const fetch = async (_url: unknown, init?: RequestInit) => {
      bodies.push(JSON.parse(String(init?.body)))
      const reads = rest.shift()!.map((chunk) => new TextEncoder().encode(`data: ${JSON.stringify(chunk)}\n\n`))
      const body = new ReadableStream({
        pull: (controller) => (reads.length > 0 ? controller.enqueue(reads.shift()) : controller.close()),
      })
      return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
    }
    const connection = core.fetchServerSentEvents('http://localhost/', { fetch: fetch as typeof globalThis.fetch })
    return { chat: core.createChat({ connection, ...options } as ChatOptions), bodies }
  }
  return { core, loaded, open }
}

let page: Awaited<ReturnType<typeof freshPage>>
beforeEach(async () => {
  page = await freshPage()
})

const asked: UIMessage = { id: 'q', role: 'user', parts: [{ type: 'text', content: 'Mail it.' }] }
const waiting = (state: 'approval-requested' | 'input-complete'): UIMessage => ({
  id: 'a',
  role: 'assistant',
  parts: [
    {
      type: 'tool-call',
      id: 'c',
      name: 'mail',
      arguments: '{"to":"Ann"}',
      input: { to: 'Ann' },
      state,
      ...(state === 'approval-requested' && { approval: { id: 'p', needsApproval: true, askedBy: 'server' as const } }),
    },
  ],
})

describe('a chat in a page that was just opened', () => {
  it('fetches nothing for conversations of text and thoughts', async () => {
    const thoughts: Chunk[] = [
      { type: 'REASONING_MESSAGE_START', messageId: 't', role: 'reasoning' },
      { type: 'REASONING_MESSAGE_CONTENT', messageId: 't', delta: 'Hm.' },
      { type: 'REASONING_MESSAGE_END', messageId: 't' },
    ]
    const { chat, bodies } = page.open([
      run([...thoughts, ...text('m', 'Hel', 'lo')], { finishReason: 'stop' }),
      run(text('n', 'Again')),
      run(text('o', 'Anew')),
    ])
    chat.attach()
    expect(await chat.sendMessage('Hi')).toMatchObject({ outcome: 'finished' })
    expect(await chat.sendMessage('And?')).toMatchObject({ outcome: 'finished' })
    expect(await chat.reload()).toMatchObject({ outcome: 'finished' })
    expect(chat.getSnapshot().messages[1]!.parts).toMatchObject([{ content: 'Hm.' }, { content: 'Hello', state: 'done' }])
    expect(bodies[1]).toMatchObject({
      messages: [{ content: 'Hi' }, { role: 'reasoning', content: 'Hm.' }, { content: 'Hello' }, { content: 'And?' }],
    })
    expect(page.loaded()).toEqual([])
  })

  it('fetches what a tool of the server needs when its call arrives, and loses no chunk', async () => {
    const chunks: Chunk[] = []
    const { chat } = page.open(
      [run([...text('m', 'Let me see.'), ...toolCall('c', 'weather', { city: 'Rome' }), toolResult('c', 'sunny'), ...text('n', 'Sunny.')])],
      {
        onChunk: (chunk) => chunks.push(chunk),
      },
    )
    expect(await chat.sendMessage('Weather?')).toMatchObject({ outcome: 'finished' })
    expect(chat.getSnapshot().messages[1]!.parts).toMatchObject([
      { type: 'text', content: 'Let me see.' },
      { type: 'tool-call', name: 'weather', input: { city: 'Rome' }, state: 'complete', output: 'sunny' },
      { type: 'tool-result' },
      { type: 'text', content: 'Sunny.' },
    ])
    expect(chunks.map(({ type }) => type).filter((type) => type.startsWith('TOOL'))).toHaveLength(4)
    expect(page.loaded()).toEqual(['more', 'rules'])
  })

  it('runs a tool of its own', async () => {
    const mail = page.core.toolDefinition({ name: 'mail' }).client((input) => `sent to ${(input as { to: string }).to}`)
    const call = run(toolCall('c', 'mail', { to: 'Ann' }), { finishReason: 'tool_calls' })
    const { chat, bodies } = page.open([call, run(text('m', 'Done.'))], { tools: [mail] })
    expect(await chat.sendMessage('Mail it.')).toMatchObject({ outcome: 'finished' })
    expect(bodies[0]).toMatchObject({ tools: [{ name: 'mail' }] })
    expect(bodies[1]).toMatchObject({ messages: [{}, { toolCalls: [{ id: 'c' }] }, { role: 'tool', content: 'sent to Ann' }] })
    expect(chat.getSnapshot().messages.at(-1)!.parts.at(-1)).toMatchObject({ content: 'Done.' })
  })

  it('asks an open question of a stored conversation once it can', async () => {
    const { chat } = page.open([run(text('m', 'Sent.'))], { initialMessages: [asked, waiting('approval-requested')] })
    chat.attach()
    expect(chat.getSnapshot()).toMatchObject({ status: 'idle', phase: 'restoring' })
    await expect.poll(() => chat.getSnapshot()).toMatchObject({ status: 'tool-calling', phase: 'local' })
    await chat.approve('p')
    await expect.poll(() => chat.getSnapshot()).toMatchObject({ status: 'idle', phase: 'ready' })
    expect(chat.getSnapshot().messages.at(-1)!.parts.at(-1)).toMatchObject({ content: 'Sent.' })
  })

  it.each([
    ['approve', 'Sent.'],
    ['deny', 'Not sent.'],
  ] as const)('that nobody looks at takes the answer to a stored question, too: %s', async (command, answer) => {
    const { chat, bodies } = page.open([run(text('m', answer))], { initialMessages: [asked, waiting('approval-requested')] })
    await chat[command]('p')
    await expect.poll(() => chat.getSnapshot().messages.at(-1)!.parts.at(-1)).toMatchObject({ content: answer })
    expect(bodies[0]).toMatchObject({ resume: [{ interruptId: 'p', status: 'resolved', payload: { approved: command === 'approve' } }] })
  })

  it('takes the result of a stored call, and one of a call that nobody made is a warning', async () => {
    const warnings: string[] = []
    const { chat, bodies } = page.open([run(text('m', 'Sent.'))], {
      initialMessages: [asked, waiting('input-complete')],
      tools: [page.core.toolDefinition({ name: 'mail' }).client()],
      onWarning: ({ message }) => warnings.push(message),
    })
    chat.addToolResult({ toolCallId: 'nobody', output: 1 })
    chat.addToolResult({ toolCallId: 'c', output: 'sent' })
    await expect.poll(() => chat.getSnapshot().messages.at(-1)!.parts.at(-1)).toMatchObject({ content: 'Sent.' })
    expect(bodies[0]).toMatchObject({ messages: [{}, {}, { role: 'tool', content: 'sent' }] })
    expect(warnings).toEqual([expect.stringContaining('There is no call nobody.')])
  })

  it('that was disposed of meanwhile does nothing', async () => {
    const { chat, bodies } = page.open([], { initialMessages: [asked, waiting('approval-requested')] })
    const denied = chat.deny('p')
    chat.dispose()
    await page.core.preload()
    await denied
    expect(bodies).toEqual([])
  })

  it('sends what was said meanwhile after the stored messages', async () => {
    const done: UIMessage = {
      id: 'a',
      role: 'assistant',
      parts: [{ type: 'data', name: 'chart', data: 1 } as never, { type: 'text', content: 'So.' }],
    }
    const { chat, bodies } = page.open([run(text('m', 'Yes.'))], { initialMessages: [asked, done] })
    expect(await chat.sendMessage('And?')).toMatchObject({ outcome: 'finished' })
    expect(bodies[0]).toMatchObject({ messages: [{ content: 'Mail it.' }, { content: 'So.' }, { content: 'And?' }] })
  })

  it('reads an iterable of the application, and a backend that pushes', async () => {
    const yielded = page.core.createChat({
      connection: {
        connect: () =>
          (async function* () {
            yield* run(text('m', 'Hi'))
          })(),
      } as never,
    })
    expect(await yielded.sendMessage('Hello')).toMatchObject({ outcome: 'finished', message: { parts: [{ content: 'Hi' }] } })
    const refused = page.core.createChat({ connection: { connect: () => Promise.reject(new Error('no')) } as never })
    expect(await refused.sendMessage('Hello')).toMatchObject({ outcome: 'failed', error: { code: 'connection' } })
    expect(page.loaded()).toEqual(['foreign'])
  })

  it('can have all of it ahead of time', async () => {
    await page.core.preload()
    expect(page.loaded()).toEqual(['more', 'rules', 'foreign'])
    const { chat } = page.open([], { initialMessages: [asked, waiting('approval-requested')] })
    chat.attach()
    expect(chat.getSnapshot()).toMatchObject({ status: 'tool-calling', phase: 'local' })
  })

  it('whose code cannot be fetched fails with an error that says so, and retry() fetches it again', async () => {
    vi.doMock('./session/answering-code.ts', () => {
      throw new TypeError('Failed to fetch dynamically imported module')
    })
    page = await freshPage()
    const answer = run([...text('m', 'Let me see.'), ...toolCall('c', 'weather', {}), toolResult('c', 'sunny')])
    const { chat } = page.open([answer, answer])
    const { outcome, error } = await chat.sendMessage('Weather?')
    expect(outcome).toBe('failed')
    expect(error).toMatchObject({ code: 'load', retryable: true })
    expect(chat.getSnapshot().messages.at(-1)!.parts).toMatchObject([{ content: 'Let me see.', state: 'done' }])
    vi.doUnmock('./session/answering-code.ts')
    expect(await chat.retry()).toMatchObject({ outcome: 'finished' })
    expect(chat.getSnapshot().messages.at(-1)!.parts[1]).toMatchObject({ name: 'weather', state: 'complete' })
  })
})
