import { createParser } from 'eventsource-parser'
import { agUiFloor } from '../content/ag-ui.js'
import { uiMessageFloor } from '../content/ui-message-stream.js'

/**
 * The least that any client has to do with the same bytes: write the conversation as the request's JSON,
 * `eventsource-parser`, `JSON.parse`, and append.
 */
const floorOf = (name, protocol, append) => ({
  name,
  protocol,
  create: ({ fetch, history }) => ({ fetch, messages: history, answer: { reasoning: '', text: '', calls: new Map() } }),
  async send(client) {
    client.messages = [...client.messages, { id: 'u', role: 'user', text: 'Go on.' }]
    const response = await client.fetch('http://localhost/api/chat', { method: 'POST', body: JSON.stringify({ messages: client.messages }) })
    const parser = createParser({ onEvent: ({ data }) => data !== '[DONE]' && append(JSON.parse(data), client.answer) })
    const decoder = new TextDecoder()
    const reader = response.body.getReader()
    for (let read = await reader.read(); !read.done; read = await reader.read()) parser.feed(decoder.decode(read.value, { stream: true }))
  },
  messages: ({ messages, answer }) => [...messages, answer],
  read: ({ answer }) => ({ ...answer, calls: [...answer.calls.values()] }),
  dispose() {},
})

export const floor = floorOf('floor', 'ag-ui', agUiFloor)

/** On the bytes of the AI SDK's protocol, for those who read them. */
export const uiMessageStreamFloor = floorOf('floor of UI message stream', 'ui-message-stream', uiMessageFloor)
