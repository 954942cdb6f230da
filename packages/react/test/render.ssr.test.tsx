import { manualConnection } from '@statechat/core/testing'
import { renderToPipeableStream } from 'react-dom/server'
import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { Page } from './page.tsx'
import { user } from '@statechat/conformance'

test('a server that streams renders the initial messages and asks for nothing', async () => {
  const connection = manualConnection()
  let html = ''
  const sink = new Writable({
    write(chunk, _encoding, done) {
      html += String(chunk)
      done()
    },
  })
  await new Promise<void>((resolve) => {
    const { pipe } = renderToPipeableStream(<Page options={{ connection, initialMessages: [user('u1', 'Before')] }} />, {
      onAllReady: () => pipe(sink.on('finish', resolve)),
    })
  })
  expect(html).toContain('<p>Before</p>')
  expect(connection.runs).toHaveLength(0)
})
