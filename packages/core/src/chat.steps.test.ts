import { describe, expect, it } from 'vitest'
import { chatTest, FINISHED, STARTED } from '../test/chat-kit.ts'
import { settled, toolCall } from '../testing/index.ts'
import type { Chunk } from './protocol/chunk.ts'

const tools = [{ name: 'ask' }]

describe('maxSteps', () => {
  const round = async ({ connection }: ReturnType<typeof chatTest>, n: number) => {
    await connection.run.push(STARTED, ...toolCall(`c${n}`, 'ask', { n }), FINISHED)
    await connection.run.close()
  }

  it('bounds the runs that answers start; past it the turn fails with max_steps, and retry goes on', async () => {
    const test = chatTest({ tools, maxSteps: 2 })
    const { chat, connection, answer, shown } = test
    const turn = chat.sendMessage('Q')
    await settled()
    for (const n of [1, 2]) {
      await round(test, n)
      chat.addToolResult({ toolCallId: `c${n}`, output: n })
      await settled()
    }
    await round(test, 3)
    expect(connection.runs).toHaveLength(3)
    chat.addToolResult({ toolCallId: 'c3', output: 3 })
    await settled()
    expect(connection.runs).toHaveLength(3)
    expect(chat.getSnapshot()).toMatchObject({ status: 'error', error: { code: 'max_steps' } })
    expect(await turn).toMatchObject({ outcome: 'failed', error: { code: 'max_steps' } })
    expect(shown()).toBe('Q {ask:complete}{ask:complete}{ask:complete}')

    void chat.retry()
    await settled()
    expect(connection.runs).toHaveLength(4)
    expect(connection.run.context.input.messages.filter(({ role }) => role === 'tool')).toHaveLength(3)
    expect(connection.run.context.parentRunId).toBe(connection.runs[2]!.context.runId)
    await answer('z', 'Done')
    expect(shown()).toBe('Q {ask:complete}{ask:complete}{ask:complete}Done')
  })
  it('is 8 by default', async () => {
    const test = chatTest({ tools })
    await test.ask('Q')
    for (let n = 1; n <= 12 && test.chat.getSnapshot().status !== 'error'; n++) {
      await round(test, n)
      test.chat.addToolResult({ toolCallId: `c${n}`, output: n })
      await settled()
    }
    expect(test.chat.getSnapshot().error?.code).toBe('max_steps')
    expect(test.connection.runs).toHaveLength(9)
  })
  it('counts anew with each user message', async () => {
    const test = chatTest({ tools, maxSteps: 1 })
    for (const n of [1, 2, 3]) {
      await test.ask(`Q${n}`)
      await round(test, n)
      test.chat.addToolResult({ toolCallId: `c${n}`, output: n })
      await settled()
      await test.answer(`a${n}`, 'ok')
      expect(test.where()).toBe('idle/ready')
    }
  })
  it('bounds calls with bad arguments too, which nobody has to answer', async () => {
    const { connection, ask, chat } = chatTest({ tools, maxSteps: 2 })
    await ask('Q')
    for (let n = 1; n <= 3; n++) {
      const call: Chunk[] = [
        { type: 'TOOL_CALL_START', toolCallId: `c${n}`, toolCallName: 'ask' },
        { type: 'TOOL_CALL_ARGS', toolCallId: `c${n}`, delta: '{' },
        { type: 'TOOL_CALL_END', toolCallId: `c${n}` },
      ]
      await connection.run.push(STARTED, ...call, FINISHED)
      await connection.run.close()
    }
    expect(connection.runs).toHaveLength(3)
    expect(chat.getSnapshot().error?.code).toBe('max_steps')
  })
})
