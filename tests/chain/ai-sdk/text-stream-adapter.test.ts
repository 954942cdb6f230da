import { fetchServerSentEvents } from '@statechat/core'
import { createTextStreamResponse } from 'ai'
import { convertArrayToReadableStream } from 'ai/test'
import { expect, it } from 'vitest'
import { serveWeb } from '../support/serve.ts'
import { open, textOf } from '../support/session.ts'
import { textStream } from './from-source.ts'

it('an adapter reads a text stream with the protocol alone', async () => {
  const url = await serveWeb(() => createTextStreamResponse({ stream: convertArrayToReadableStream(['Grüß ', 'Gott\n', '[DONE] 🎉']) }))
  const { chat } = open({ connection: fetchServerSentEvents(url, { protocol: textStream() }) })
  const { outcome, message, error } = await chat.sendMessage('Hello')
  expect([outcome, error, textOf(message)]).toEqual(['finished', undefined, 'Grüß Gott\n[DONE] 🎉'])
})
