import type { Chunk, UIMessage } from '@statechat/core'
import type { UIMessage as AiMessage, UIMessageChunk } from 'ai'
import { describe, expect, it } from 'vitest'
import { open, openParts, until } from '../support/session.ts'
import { Transcript, uiMessageStream } from './from-source.ts'
import { STREAMS } from './streams.ts'
import { aiServer, comparable, theirReading } from './support.ts'

/** The message after each chunk, as our transcript has it. */
function ourReading(chunks: readonly UIMessageChunk[]): (UIMessage | undefined)[] {
  let ids = 0
  const transcript = new Transcript(
    { generateId: () => `id-${++ids}` },
    { messages: [{ id: 'u1', role: 'user', parts: [{ type: 'text', content: 'Hello' }] }] },
  )
  const decoder = uiMessageStream().createDecoder({ threadId: 't', runId: 'r', source: 'response', onWarning: () => {} })
  transcript.beginRun('u1', 'reply')
  return chunks.map((chunk) => {
    const out: Chunk[] = []
    decoder.decode(JSON.parse(JSON.stringify(chunk)), out)
    transcript.apply(out)
    return transcript.runMessage()
  })
}

describe.each(Object.entries(STREAMS))('the stream “%s”', (_name, chunks) => {
  it('becomes the message that readUIMessageStream makes of it', async () => {
    const { connection } = await aiServer(chunks)
    const { chat, warnings } = open({ connection })
    void chat.sendMessage('Hello')
    // A question to the person keeps the turn open.
    const { messages, error } = await until(chat, ({ status }) => status !== 'streaming')
    expect([error, warnings]).toEqual([null, []])
    expect(comparable(messages[1])).toEqual(comparable((await theirReading(chunks)).at(-1)))
    expect(openParts(chat)).toEqual([])
  })

  it('shows the same after each chunk', async () => {
    const ours = ourReading(chunks)
    for (const at of chunks.keys()) {
      const theirs = (await theirReading(chunks.slice(0, at + 1))).at(-1)
      const message = `after chunk ${at + 1}, ${chunks[at]!.type}`
      // Theirs is there as soon as it has a name, ours when there is something to show.
      if (ours[at] === undefined) expect((comparable(theirs) as AiMessage | undefined)?.parts ?? [], message).toEqual([])
      else expect(comparable(ours[at]), message).toEqual(comparable(theirs))
    }
  })
})
