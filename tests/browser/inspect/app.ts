import { createChat } from '@statechat/core'
import { run, scriptedConnection, text, toolCall } from '@statechat/core/testing'
import { createBrowserInspector } from '@statelyai/inspect'

/** A conversation with a tool call, shown to Stately's browser inspector in a window of its own, or in a frame of this page. */
async function converse(where: 'window' | 'frame'): Promise<string> {
  const iframe = where === 'frame' ? document.body.appendChild(document.createElement('iframe')) : null
  const inspector = createBrowserInspector({ url: new URL('/inspector', location.href).href, iframe, serializationDepthLimit: 30 })
  const chat = createChat({
    threadId: where,
    connection: scriptedConnection(run(toolCall('call-1', 'look', {})), run(text('a', 'It is sunny.'))),
    tools: [{ name: 'look', execute: () => ({ sunny: true }) }],
    inspect: inspector.inspect,
  })
  const { outcome } = await chat.sendMessage('Is it sunny?')
  return outcome
}

Object.assign(globalThis, { converse })
export type Converse = typeof converse
