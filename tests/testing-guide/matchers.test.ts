import { run, scriptedConnection, testChat, text, toolCall, toolResult } from '@statechat/core/testing'
import { expect, test } from 'vitest'

test('the matchers', async () => {
  const script = run([...toolCall('c1', 'weather', { city: 'Paris', units: 'C' }), toolResult('c1', { celsius: 21 }), ...text('m1', 'It is 21 °C.')])
  const { chat } = testChat({ connection: scriptedConnection(script) })
  const { message } = await chat.sendMessage('How warm is it in Paris?')

  expect(chat).toHaveStatus('idle')
  expect(chat).toHavePhase('ready')
  expect(chat).toHaveText('It is 21 °C.')
  expect(message).toHaveText(/21/)
  expect(chat).toHaveToolCall('weather')
  expect(chat).toHaveToolCall('weather', { city: 'Paris' })
  expect(message).not.toHaveToolCall('weather', { city: expect.stringMatching(/^R/) })
})
