import { data, run, scriptedConnection, sharedState, source, statePatch, structuredOutput, testChat, text } from '@statechat/core/testing'
import { expect, test } from 'vitest'
import { z } from 'zod'

test('a recipe fills in while it streams', async () => {
  const { chat, connection, ask } = testChat({ outputSchema: z.object({ title: z.string(), minutes: z.number() }) })
  await ask('Soup, please')
  const chunks = run(structuredOutput('m1', { title: 'Soup', minutes: 30 }, { deltaSize: 10 }))
  await connection.run.push(...chunks.slice(0, 5))
  expect(chat.getSnapshot()).toMatchObject({ partial: { title: 'Soup' }, final: null })
  await connection.run.push(...chunks.slice(5))
  await connection.run.close()
  expect(chat.getSnapshot().final).toEqual({ title: 'Soup', minutes: 30 })
})

test('sources, data and state arrive with the text', async () => {
  const answer = run([
    ...text('m1', 'Sales are up.'),
    source('s1', { url: 'https://example.com/sales', title: 'Sales' }),
    data('chart', [3, 5, 8]),
    sharedState({ step: 1 }),
    statePatch({ op: 'replace', path: '/step', value: 2 }),
  ])
  const { chat } = testChat({ connection: scriptedConnection(answer) })
  const { message } = await chat.sendMessage('How are sales?')
  expect(message?.parts).toMatchObject([{ type: 'text' }, { type: 'source', title: 'Sales' }, { type: 'data', name: 'chart', data: [3, 5, 8] }])
  expect(chat.getSnapshot().state).toEqual({ step: 2 })
})
