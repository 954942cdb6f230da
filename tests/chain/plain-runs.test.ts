/** What real servers send for an answer of text is a plain run, so a page that asks them fetches nothing more than it was opened with. */
import { EventEncoder } from '@ag-ui/encoder'
import { type Connection, createChat, fetchServerSentEvents } from '@statechat/core'
import { scripted } from '@statechat/server/scripted'
import { EventType } from '@tanstack/ai'
import { afterEach, describe, expect, it } from 'vitest'
import { agUiRules } from '../../packages/core/src/protocol/ag-ui.ts'
import { isLoaded } from '../../packages/core/src/session/answering.ts'
import { ourServer } from './support/our-server.ts'
import { serveNode } from './support/serve.ts'
import { tanstackServer } from './tanstack-tools/server.ts'

afterEach(() => {
  expect(agUiRules.get()).toBeUndefined()
  expect(isLoaded()).toBe(false)
})

/** Asks twice; gives what was answered. */
async function ask(connection: Connection): Promise<string[]> {
  const chat = createChat({ connection })
  chat.attach()
  for (const question of ['Hello?', 'And?']) expect(await chat.sendMessage(question)).toMatchObject({ outcome: 'finished' })
  const { messages } = chat.getSnapshot()
  chat.dispose()
  return messages
    .filter(({ role }) => role === 'assistant')
    .flatMap(({ parts }) => parts.map((part) => ('content' in part ? String(part.content) : '')))
}

const event = (chunk: object) => ({ model: 'scripted-1', timestamp: 1, ...chunk }) as never

describe('an answer of text', () => {
  it('from our server', async () => {
    const { connect } = await ourServer(scripted({ delayMs: 0, script: ['Hi there', 'Bye'] }))
    expect(await ask(connect())).toEqual(['Hi there', 'Bye'])
  })

  it("from TanStack AI's chat(), with thoughts", async () => {
    const { connection } = await tanstackServer((_, call) => [
      event({ type: EventType.RUN_STARTED, threadId: 't', runId: 'r' }),
      event({ type: EventType.REASONING_START, messageId: `t${call}` }),
      event({ type: EventType.REASONING_MESSAGE_START, messageId: `t${call}`, role: 'reasoning' }),
      event({ type: EventType.REASONING_MESSAGE_CONTENT, messageId: `t${call}`, delta: 'Hm.' }),
      event({ type: EventType.REASONING_MESSAGE_END, messageId: `t${call}` }),
      event({ type: EventType.REASONING_END, messageId: `t${call}` }),
      event({ type: EventType.TEXT_MESSAGE_START, messageId: `m${call}`, role: 'assistant' }),
      event({ type: EventType.TEXT_MESSAGE_CONTENT, messageId: `m${call}`, delta: 'Hi' }),
      event({ type: EventType.TEXT_MESSAGE_END, messageId: `m${call}` }),
      event({
        type: EventType.RUN_FINISHED,
        threadId: 't',
        runId: 'r',
        finishReason: 'stop',
        usage: { promptTokens: 1, completionTokens: 1, totalTokens: 2 },
      }),
    ])
    expect(await ask(connection)).toEqual(['Hm.', 'Hi', 'Hm.', 'Hi'])
  })

  it("from an AG-UI agent, framed by AG-UI's encoder", async () => {
    let asked = 0
    const url = await serveNode((request, response) => {
      const messageId = `m${asked++}`
      const encoder = new EventEncoder()
      request.resume().on('end', () => {
        response.writeHead(200, { 'content-type': encoder.getContentType() })
        for (const each of [
          { type: 'RUN_STARTED', threadId: 't', runId: 'r', protocolVersion: '1.0' },
          { type: 'TEXT_MESSAGE_START', messageId, role: 'assistant' },
          { type: 'TEXT_MESSAGE_CONTENT', messageId, delta: 'Hi' },
          { type: 'TEXT_MESSAGE_END', messageId },
          { type: 'RUN_FINISHED', threadId: 't', runId: 'r', outcome: { type: 'success' } },
        ])
          response.write(encoder.encode(each as never))
        response.end()
      })
    })
    expect(await ask(fetchServerSentEvents(url))).toEqual(['Hi', 'Hi'])
  })
})
