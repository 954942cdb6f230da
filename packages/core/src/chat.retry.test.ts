import { describe, expect, it } from 'vitest'
import { chatTest, FINISHED, opening, STARTED } from '../test/chat-kit.ts'
import { settled, text, toolCall } from '../testing/index.ts'
import { ChatError } from './errors.ts'

const tools = [{ name: 'ask' }]

/** The request as it went out, without the ids of the run. */
const requestOf = ({
  messages,
  context,
}: {
  messages: readonly unknown[]
  context: { input: { messages: unknown; resume?: unknown }; parentRunId?: string | undefined }
}) => ({
  messages,
  wire: context.input.messages,
  resume: context.input.resume,
  parentRunId: context.parentRunId,
})

describe('retry', () => {
  it('after a truncated answer sends the same request again, and shows nothing twice', async () => {
    const { chat, connection, ask, answer, shown } = chatTest()
    await ask('Q')
    await connection.run.push(...opening('a', 'half'))
    await connection.run.close()
    expect(chat.getSnapshot()).toMatchObject({ status: 'error', error: { code: 'truncated' }, canRetry: true })
    expect(shown()).toBe('Q half')

    const turn = chat.retry()
    await settled()
    expect(chat.getSnapshot().error).toBeNull()
    expect(shown()).toBe('Q')
    expect(requestOf(connection.runs[1]!)).toEqual(requestOf(connection.runs[0]!))
    expect(connection.runs[1]!.context.runId).not.toBe(connection.runs[0]!.context.runId)
    await answer('a', 'whole')
    expect(shown()).toBe('Q whole')
    expect(await turn).toMatchObject({ outcome: 'finished' })
  })
  it('uses the options of the send that failed', async () => {
    const { chat, connection } = chatTest()
    void chat.sendMessage('Q', { data: { page: 3 } })
    await settled()
    await connection.run.fail(new ChatError('network', 'gone'))
    void chat.retry()
    await settled()
    expect(connection.run.data).toEqual({ page: 3 })
  })
  it('after a stop asks the same question again', async () => {
    const { chat, connection, ask, answer, shown } = chatTest()
    await ask('Q')
    await connection.run.push(...opening('a', 'half'))
    chat.stop()
    void chat.retry()
    await settled()
    await answer('b', 'whole')
    expect(shown()).toBe('Q whole')
  })
  it('can fail and be tried again', async () => {
    const { chat, connection, ask, answer, shown } = chatTest()
    await ask('Q')
    for (const attempt of [1, 2, 3]) {
      await connection.run.fail(new ChatError('network', `gone ${attempt}`))
      expect(chat.getSnapshot().error?.message).toBe(`gone ${attempt}`)
      void chat.retry()
      await settled()
    }
    await answer('a', 'A')
    expect(shown()).toBe('Q A')
    expect(connection.runs).toHaveLength(4)
  })
  it('that says nothing leaves what was said before it, however often, and whether it fails or is stopped', async () => {
    const { chat, connection, ask, answer, shown } = chatTest()
    await ask('Q')
    await connection.run.push(...opening('a', 'half'))
    await connection.run.close()
    for (const end of [() => connection.run.fail(new ChatError('network', 'gone')), () => chat.stop()]) {
      const turn = chat.retry()
      await settled()
      expect(shown()).toBe('Q')
      await end()
      await turn
      expect(shown()).toBe('Q half')
    }
    void chat.retry()
    await settled()
    await connection.run.push(...opening('b', 'more'))
    await connection.run.close()
    expect(shown()).toBe('Q more')
    void chat.retry()
    await settled()
    await connection.run.fail(new ChatError('network', 'gone'))
    expect(shown()).toBe('Q more')
    void chat.retry()
    await settled()
    await answer('c', 'whole')
    expect(shown()).toBe('Q whole')
    expect(connection.run.messages.map(({ role }) => role)).toEqual(['user'])
  })
  it('of a reload that failed answers again, and the old answer stays a sibling', async () => {
    const { chat, connection, ask, answer, shown } = chatTest()
    await ask('Q')
    await answer('a', 'A')
    void chat.reload()
    await settled()
    await connection.run.fail(new ChatError('network', 'gone'))
    expect(shown()).toBe('Q A')
    void chat.retry()
    await settled()
    expect(shown()).toBe('Q')
    await answer('b', 'B')
    expect(shown()).toBe('Q B')
    expect(chat.branches('b').map(({ id }) => id)).toEqual(['a', 'b'])
  })
})

describe('retry of the run after a client answer', () => {
  /** The model asked, the client answered, the next run is open. */
  async function continued() {
    const test = chatTest({ tools })
    await test.ask('Q')
    await test.connection.run.push(STARTED, ...text('a', 'Let me see. '), ...toolCall('c', 'ask', { n: 1 }), FINISHED)
    await test.connection.run.close()
    test.chat.addToolResult({ toolCallId: 'c', output: 42 })
    await settled()
    return test
  }

  it('sends the same request with the answer in it, and shows nothing twice', async () => {
    const { chat, connection, answer, shown } = await continued()
    await connection.run.push(...opening('b', 'It is'))
    await connection.run.close()
    expect(shown()).toBe('Q Let me see. {ask:complete}It is')
    expect(chat.getSnapshot().error?.code).toBe('truncated')

    void chat.retry()
    await settled()
    expect(shown()).toBe('Q Let me see. {ask:complete}')
    expect(requestOf(connection.runs[2]!)).toEqual(requestOf(connection.runs[1]!))
    expect(connection.runs[1]!.context.parentRunId).toBe(connection.runs[0]!.context.runId)
    expect(connection.runs[2]!.context.input.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool'])
    await answer('b', 'It is 42.')
    expect(shown()).toBe('Q Let me see. {ask:complete}It is 42.')
  })
  it('shows nothing twice when the run goes on with a text that was there before', async () => {
    const { chat, connection, answer, shown } = await continued()
    await connection.run.push(
      STARTED,
      { type: 'TEXT_MESSAGE_START', messageId: 'a' },
      { type: 'TEXT_MESSAGE_CONTENT', messageId: 'a', delta: 'It is' },
    )
    await connection.run.close()
    expect(shown()).toBe('Q Let me see. It is{ask:complete}')
    void chat.retry()
    await settled()
    expect(shown()).toBe('Q Let me see. {ask:complete}')
    expect(requestOf(connection.runs[2]!)).toEqual(requestOf(connection.runs[1]!))
    await answer('a', 'It is 42.')
    expect(shown()).toBe('Q Let me see. It is 42.{ask:complete}')
  })
  it('keeps what the failed run had added as a sibling', async () => {
    const { chat, connection, shown } = await continued()
    await connection.run.push(...opening('b', 'It is'))
    await connection.run.close()
    void chat.retry()
    await settled()
    const versions = chat.branches(chat.getSnapshot().messages[1]!.id)
    expect(versions).toHaveLength(2)
    const other = versions.find(({ id }) => id !== chat.getSnapshot().messages[1]!.id)!
    chat.selectBranch(other.id)
    expect(shown()).toBe('Q Let me see. {ask:complete}It is')
  })
  it('leaves no sibling behind when the failed run had added nothing', async () => {
    const { chat, connection, shown } = await continued()
    await connection.run.fail(new ChatError('network', 'gone'))
    void chat.retry()
    await settled()
    expect(chat.branches(chat.getSnapshot().messages[1]!.id)).toHaveLength(1)
    expect(shown()).toBe('Q Let me see. {ask:complete}')
  })
  it('after an approval asks the server again to run the call, and does not call it cancelled', async () => {
    const { chat, connection, ask, shown } = chatTest()
    await ask('Q')
    const interrupts = [{ id: 'int', reason: 'approval', toolCallId: 'c' }]
    await connection.run.push(STARTED, ...toolCall('c', 'rm', {}), { ...FINISHED, outcome: { type: 'interrupt', interrupts } } as never)
    await connection.run.close()
    expect(shown()).toBe('Q {rm:approval-requested}')
    chat.actor.send({ type: 'tool.approval', toolCallId: 'c', approved: true })
    await settled()
    await connection.run.push(STARTED)
    await connection.run.close()
    expect(chat.getSnapshot().error?.code).toBe('truncated')
    void chat.retry()
    await settled()
    expect(shown()).toBe('Q {rm:approval-responded}')
    expect(requestOf(connection.runs[2]!)).toEqual(requestOf(connection.runs[1]!))
    expect(chat.branches(chat.getSnapshot().messages[1]!.id)).toHaveLength(1)
  })
})
