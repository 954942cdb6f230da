import { AbstractChat, DefaultChatTransport } from 'ai'

/** The AI SDK's client. It reads its own protocol, and has its own floor on those bytes. */
export const aiSdk = {
  name: 'AI SDK',
  protocol: 'ui-message-stream',
  create({ fetch, history }) {
    const client = {}
    client.chat = new Chat({
      transport: new DefaultChatTransport({ api: 'http://localhost/api/chat', fetch }),
      state: stateOf(history.map(toMessage)),
      onError: (error) => (client.error = error),
    })
    return client
  },
  async send(client) {
    await client.chat.sendMessage({ text: 'Go on.' })
    if (client.error) throw client.error
  },
  messages: ({ chat }) => chat.messages,
  read({ chat }) {
    const { parts } = chat.messages.at(-1)
    return {
      reasoning: joined(parts, 'reasoning'),
      text: joined(parts, 'text'),
      calls: parts
        .filter(({ type }) => type.startsWith('tool-'))
        .map(({ toolCallId, input, output }) => ({ id: toolCallId, arguments: JSON.stringify(input), output })),
    }
  },
  // It has nothing that ends it.
  dispose() {},
}

class Chat extends AbstractChat {}

/** Each update is a new list and a new message with new parts: what the AI SDK's own binding for React does, without React. */
function stateOf(messages) {
  const snapshot = (message) => ({ ...message, parts: message.parts.map((part) => ({ ...part })) })
  return {
    status: 'ready',
    error: undefined,
    messages,
    snapshot,
    pushMessage(message) {
      this.messages = this.messages.concat(message)
    },
    popMessage() {
      this.messages = this.messages.slice(0, -1)
    },
    replaceMessage(index, message) {
      this.messages = [...this.messages.slice(0, index), snapshot(message), ...this.messages.slice(index + 1)]
    },
  }
}

const toMessage = ({ id, role, text }) => ({ id, role, parts: [{ type: 'text', text }] })

const joined = (parts, type) =>
  parts
    .filter((part) => part.type === type)
    .map((part) => part.text)
    .join('')
