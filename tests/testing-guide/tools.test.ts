import { toolDefinition } from '@statechat/core'
import { run, scriptedConnection, testChat, text, toolCall, toolResult } from '@statechat/core/testing'
import { expect, test } from 'vitest'
import { z } from 'zod'

const setTheme = toolDefinition({ name: 'setTheme', inputSchema: z.object({ dark: z.boolean() }) })

test('a tool of the page runs, and the model is told what it did', async () => {
  const connection = scriptedConnection(run(toolCall('c1', 'setTheme', { dark: true })), run(text('m1', 'It is dark now.')))
  const { chat } = testChat({ connection, tools: [setTheme.client(({ dark }) => ({ was: dark ? 'light' : 'dark' }))] })
  await chat.sendMessage('Lights off!')
  expect(chat).toHaveToolCall('setTheme', { dark: true })
  expect(chat).toHaveText('It is dark now.')
  expect(connection.requests[1]?.input.messages.at(-1)).toMatchObject({ role: 'tool', content: '{"was":"light"}' })
})

test('a tool that hangs is given up, and the model is told', async () => {
  const connection = scriptedConnection(run(toolCall('c1', 'setTheme', { dark: true })), run(text('m1', 'That did not work.')))
  const hangs = setTheme.client(() => new Promise<never>(() => {}), { timeoutMs: 5_000 })
  const { chat, clock, ask } = testChat({ connection, tools: [hangs] })
  await ask('Lights off!')
  expect(chat).toHavePhase('local')
  await clock.advance(5_000)
  expect(chat).toHaveText('That did not work.')
})

test('a tool of the server shows its input, then its result', async () => {
  const { chat, connection, ask } = testChat()
  await ask('How warm is it in Paris?')
  const answer = run([...toolCall('c1', 'weather', { city: 'Paris' }), toolResult('c1', { celsius: 21 }), ...text('m1', '21 °C')])
  await connection.run.push(...answer.slice(0, 4))
  expect(chat).toHavePhase('remote')
  expect(chat).toHaveToolCall('weather', { city: 'Paris' })
  await connection.run.push(...answer.slice(4))
  await connection.run.close()
  expect(chat).toHaveText('21 °C')
})
