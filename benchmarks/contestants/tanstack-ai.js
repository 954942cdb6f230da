import { ChatClient, fetchServerSentEvents } from '@tanstack/ai-client'

/** TanStack AI's client, with its own adapter. It gives a task to each chunk, so its wall time is more than its CPU time. */
export const tanstackAi = {
  name: 'TanStack AI',
  protocol: 'ag-ui',
  create({ fetch, history }) {
    const client = { seen: [] }
    client.chat = new ChatClient({
      connection: fetchServerSentEvents('http://localhost/api/chat', { fetchClient: fetch }),
      initialMessages: history.map(toMessage),
      onMessagesChange: (messages) => (client.seen = messages),
      onError: (error) => (client.error = error),
    })
    return client
  },
  async send(client) {
    await client.chat.sendMessage('Go on.')
    if (client.error) throw client.error
  },
  messages: ({ seen }) => seen,
  read({ seen }) {
    const parts = seen.at(-1).parts
    const results = new Map(parts.filter(({ type }) => type === 'tool-result').map((part) => [part.toolCallId, part.content]))
    return {
      reasoning: joined(parts, 'thinking'),
      text: joined(parts, 'text'),
      calls: parts
        .filter(({ type }) => type === 'tool-call')
        .map((part) => ({ id: part.id, arguments: part.arguments, output: results.get(part.id) })),
    }
  },
  dispose: ({ chat }) => chat.dispose(),
}

const toMessage = ({ id, role, text }) => ({ id, role, parts: [{ type: 'text', content: text }], createdAt: new Date(0) })

const joined = (parts, type) =>
  parts
    .filter((part) => part.type === type)
    .map((part) => part.content)
    .join('')
