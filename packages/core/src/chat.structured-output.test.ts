import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { chatTest, FINISHED, opening, STARTED } from '../test/chat-kit.ts'
import { settled, text, toolCall } from '../testing/index.ts'
import type { Chunk } from './protocol/chunk.ts'

const outputSchema = z.object({ name: z.string(), born: z.iso.date().transform((day) => Number(day.slice(0, 4))) })
const json = '{"name":"Ada","born":"1815-12-10"}'

describe('with outputSchema', () => {
  it('the answer grows as partial and is final when it is whole and valid', async () => {
    const { chat, connection, ask, where } = chatTest({ outputSchema })
    await ask('Who?')
    await connection.run.push(...opening('a', '{"name":"A'))
    expect(chat.getSnapshot()).toMatchObject({ partial: { name: 'A' }, final: null })
    await connection.run.push({ type: 'TEXT_MESSAGE_CONTENT', messageId: 'a', delta: 'da","born":"1815-12-10"}' })
    expect(chat.getSnapshot()).toMatchObject({ partial: { name: 'Ada', born: '1815-12-10' }, final: null })
    await connection.run.push({ type: 'TEXT_MESSAGE_END', messageId: 'a' }, FINISHED)
    await connection.run.close()
    expect(where()).toBe('idle/ready')
    expect(chat.getSnapshot().final).toEqual({ name: 'Ada', born: 1815 })
    expect(chat.getSnapshot().messages.at(-1)?.parts).toMatchObject([{ type: 'structured-output', status: 'complete', raw: json }])
  })
  it('stays in the history: the next request says it, and a new question clears partial and final', async () => {
    const { chat, connection, ask, answer } = chatTest({ outputSchema })
    await ask('Who?')
    await answer('a', json)
    await ask('And?')
    expect(connection.run.context.input.messages.find(({ role }) => role === 'assistant')).toMatchObject({ content: json })
    expect(chat.getSnapshot()).toMatchObject({ partial: null, final: null })
  })
  it('an answer that is not what the schema asks for is an error with the issues, and retry asks again', async () => {
    const { chat, connection, ask, answer, log } = chatTest({ outputSchema })
    await ask('Who?')
    await answer('a', '{"name":7,"born":"soon"}')
    const { error, status } = chat.getSnapshot()
    expect(status).toBe('error')
    expect(error).toMatchObject({ code: 'invalid_output', retryable: true, issues: [{ path: ['name'] }, { path: ['born'] }] })
    expect(chat.getSnapshot().final).toBeNull()
    expect(log).toEqual(['onError invalid_output (error)'])
    void chat.retry()
    await settled()
    await answer('b', json)
    expect(chat.getSnapshot()).toMatchObject({ status: 'idle', final: { name: 'Ada' } })
    expect(connection.runs).toHaveLength(2)
  })
  it('an answer that is no JSON is an error that says so', async () => {
    const { chat, ask, answer } = chatTest({ outputSchema })
    await ask('Who?')
    await answer('a', 'Ada Lovelace, I think.')
    expect(chat.getSnapshot().error).toMatchObject({ code: 'invalid_output', message: expect.stringContaining('no JSON') })
  })
  it('what the server validated is validated here too', async () => {
    const { chat, connection, ask } = chatTest({ outputSchema })
    const complete: Chunk = {
      type: 'CUSTOM',
      name: 'structured-output.complete',
      value: { messageId: 'a', object: { name: 'Ada', born: '1815-12-10' }, raw: json },
    }
    await ask('Who?')
    await connection.run.push(
      STARTED,
      { type: 'CUSTOM', name: 'structured-output.start', value: { messageId: 'a' } },
      ...text('a', json),
      complete,
      FINISHED,
    )
    await connection.run.close()
    expect(chat.getSnapshot().final).toEqual({ name: 'Ada', born: 1815 })
  })
  it('a run that ends with calls of the client owes no answer yet', async () => {
    const { connection, ask, where } = chatTest({ outputSchema, tools: [{ name: 'ask' }] })
    await ask('Who?')
    await connection.run.push(STARTED, ...text('a', 'Let me ask.'), ...toolCall('c', 'ask', {}), FINISHED)
    await connection.run.close()
    expect(where()).toBe('tool-calling/local')
  })
  it('a stream that was cut is truncated, not invalid', async () => {
    const { chat, connection, ask } = chatTest({ outputSchema })
    await ask('Who?')
    await connection.run.push(...opening('a', '{"name":'))
    await connection.run.close()
    expect(chat.getSnapshot().error?.code).toBe('truncated')
  })
  it('a stopped answer is partial for ever', async () => {
    const { chat, connection, ask } = chatTest({ outputSchema })
    await ask('Who?')
    await connection.run.push(...opening('a', '{"name":"A'))
    chat.stop()
    expect(chat.getSnapshot()).toMatchObject({ partial: { name: 'A' }, final: null })
    expect(chat.getSnapshot().messages.at(-1)?.parts).toMatchObject([{ status: 'error' }])
  })
})

describe('without outputSchema', () => {
  it('a structured answer of the server is shown as what the server says it is', async () => {
    const { chat, connection, ask } = chatTest()
    await ask('Who?')
    await connection.run.push(STARTED, { type: 'CUSTOM', name: 'structured-output.start', value: { messageId: 'a' } }, ...text('a', json))
    expect(chat.getSnapshot().partial).toEqual({ name: 'Ada', born: '1815-12-10' })
    await connection.run.push(
      { type: 'CUSTOM', name: 'structured-output.complete', value: { messageId: 'a', object: { name: 'Ada' }, raw: json } },
      FINISHED,
    )
    await connection.run.close()
    expect(chat.getSnapshot().final).toEqual({ name: 'Ada' })
  })
})
