import { HttpAgent } from '@ag-ui/client'

/** AG-UI's client. Its messages are one per text, reasoning and tool result, and its list is changed in place. */
export const agUi = {
  name: 'AG-UI',
  protocol: 'ag-ui',
  create({ fetch, history }) {
    const agent = new HttpAgent({ url: 'http://localhost/api/chat', threadId: 't', fetch, initialMessages: history.map(toMessage) })
    const client = { agent, before: history.length + 1, seen: [] }
    agent.subscribe({ onMessagesChanged: ({ messages }) => void (client.seen = messages) })
    return client
  },
  async send({ agent }) {
    agent.addMessage({ id: 'u', role: 'user', content: 'Go on.' })
    await agent.runAgent({ runId: 'r' })
  },
  messages: ({ seen }) => seen,
  read({ seen, before }) {
    const messages = seen.slice(before)
    const results = new Map(messages.filter(({ role }) => role === 'tool').map(({ toolCallId, content }) => [toolCallId, content]))
    return {
      reasoning: joined(messages, 'reasoning'),
      text: joined(messages, 'assistant'),
      calls: messages
        .flatMap(({ toolCalls = [] }) => toolCalls)
        .map((call) => ({ id: call.id, arguments: call.function.arguments, output: results.get(call.id) })),
    }
  },
  dispose: ({ agent }) => agent.abortRun(),
}

const toMessage = ({ id, role, text }) => ({ id, role, content: text })

const joined = (messages, role) =>
  messages
    .filter((message) => message.role === role)
    .map(({ content }) => content ?? '')
    .join('')
