import { describe, expect, it } from 'vitest'
import { chatTest, FINISHED, STARTED } from '../test/chat-kit.ts'
import { settled, toolCall } from '../testing/index.ts'

describe('a request says why it is made', () => {
  it('a send says nothing', async () => {
    const { connection, ask } = chatTest()
    await ask('Q')
    expect(connection.run.context).not.toHaveProperty('trigger')
    expect(connection.run.context).not.toHaveProperty('messageId')
  })
  it('a reload names the answer that is made again, given or not', async () => {
    const { chat, connection, ask, answer } = chatTest()
    await ask('Q')
    await answer('a', 'A')
    void chat.reload()
    await settled()
    expect(connection.run.context).toMatchObject({ trigger: 'regenerate', messageId: 'a' })
    chat.stop()
    void chat.reload('a')
    await settled()
    expect(connection.run.context).toMatchObject({ trigger: 'regenerate', messageId: 'a' })
  })
  it('an edit names the question that was edited', async () => {
    const { chat, connection, ask, answer } = chatTest()
    await ask('Q')
    await answer('a', 'A')
    void chat.edit('Q', 'Q!')
    await settled()
    expect(connection.run.context.messageId).toBe('Q')
    expect(connection.run.context.trigger).toBeUndefined()
  })
  it('going on after tools is no reload, also in the turn of one', async () => {
    const { chat, connection, ask, answer } = chatTest({ tools: [{ name: 'ask' }] })
    await ask('Q')
    await answer('a', 'A')
    void chat.reload()
    await settled()
    await connection.run.push(STARTED, ...toolCall('c', 'ask', {}), FINISHED)
    await connection.run.close()
    chat.addToolResult({ toolCallId: 'c', output: 1 })
    await settled()
    expect(connection.run.context.trigger).toBeUndefined()
  })
})
