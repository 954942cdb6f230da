import { approval, interrupt, run, scriptedConnection, testChat, text, toolCall, toolResult } from '@statechat/core/testing'
import { expect, test } from 'vitest'

const asks = run(toolCall('c1', 'sendMail', { to: 'ada@example.com' }), { interrupts: [approval('c1', { message: 'Send it?' })] })

test('a mail is sent when the person agrees', async () => {
  const connection = scriptedConnection(asks, run([toolResult('c1', 'sent'), ...text('m1', 'Done.')]))
  const { chat, ask } = testChat({ connection })
  const { turn } = await ask('Write to Ada')
  expect(chat).toHavePhase('local')
  await chat.approve('c1')
  await turn
  expect(connection.requests[1]?.input.resume).toMatchObject([{ status: 'resolved', payload: { approved: true } }])
  expect(chat).toHaveText('Done.')
})

test('a refusal reaches the model with its reason', async () => {
  const connection = scriptedConnection(asks, run(text('m1', 'As you wish.')))
  const { chat, ask } = testChat({ connection })
  const { turn } = await ask('Write to Ada')
  chat.deny('c1', 'Not today')
  await turn
  expect(connection.requests[1]?.input.resume).toMatchObject([{ payload: { approved: false, reason: 'Not today' } }])
})

test('a question of the server waits for its answer', async () => {
  const connection = scriptedConnection(
    run(text('m1', 'Which one?'), { interrupts: [interrupt('colour', { message: 'Red or blue?' })] }),
    run(text('m2', 'Blue it is.')),
  )
  const { chat, ask } = testChat({ connection })
  const { turn } = await ask('Paint it')
  expect(chat.getSnapshot().interrupts).toMatchObject([{ id: 'colour', message: 'Red or blue?' }])
  await chat.resolveInterrupt('colour', 'blue')
  await turn
  expect(connection.requests[1]?.input.resume).toMatchObject([{ interruptId: 'colour', payload: 'blue' }])
})
