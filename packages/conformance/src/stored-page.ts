import { type ChatOptions, syncScheduler } from '@statechat/core'
import { manualConnection, type ManualConnection } from '@statechat/core/testing'

/** The chat that is rendered on the server and hydrated in the page: the same at both ends. */
export const storedPage = (connection: ManualConnection = manualConnection()): ChatOptions => ({
  connection,
  scheduler: syncScheduler,
  threadId: 'stored',
  initialMessages: [
    { id: 'u1', role: 'user', parts: [{ type: 'text', content: 'Is this <b>stored</b>?' }] },
    { id: 'a1', role: 'assistant', parts: [{ type: 'text', content: 'It is.' }] },
  ],
})
