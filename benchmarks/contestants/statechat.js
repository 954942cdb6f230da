import { createChat, fetchServerSentEvents, uiMessageStream } from '@statechat/core'

/**
 * A whole chat, with one reader of the messages, as a binding is. `options` are more options of `createChat`,
 * for what costs something only where it is switched on. `look` is what the reader reads of the messages each time.
 * `isShown`: a view is attached.
 */
export const statechatOf = ({ name, protocol = 'ag-ui', wire, options, look, isShown = false }) => ({
  name,
  protocol,
  create({ fetch, history }) {
    const chat = createChat({
      connection: fetchServerSentEvents('http://localhost/api/chat', { fetch, ...(wire && { protocol: wire }) }),
      ...(history.length > 0 && { initialMessages: history.map(toMessage) }),
      ...options?.(),
    })
    const client = { chat, seen: chat.getSnapshot().messages }
    chat.subscribe(() => {
      client.seen = chat.getSnapshot().messages
      look?.(client.seen)
    })
    if (isShown) chat.attach()
    return client
  },
  async send({ chat }) {
    const { outcome } = await chat.sendMessage('Go on.')
    if (outcome !== 'finished') throw new Error(`The turn ${outcome}.`, { cause: chat.error.get() })
  },
  messages: ({ chat }) => chat.messages.get(),
  read: ({ seen }) => answerOf(seen.at(-1).parts),
  dispose: ({ chat }) => chat.dispose(),
})

export const statechat = statechatOf({ name: 'statechat' })

/** A chat that is shown keeps its actor. */
export const statechatShown = statechatOf({ name: 'statechat, shown', isShown: true })

export const statechatOnUiMessages = statechatOf({
  name: 'statechat on UI message stream',
  protocol: 'ui-message-stream',
  wire: uiMessageStream(),
})

const toMessage = ({ id, role, text }) => ({ id, role, parts: [{ type: 'text', content: text }] })

const answerOf = (parts) => ({
  reasoning: joined(parts, 'thinking'),
  text: joined(parts, 'text'),
  calls: parts
    .filter(({ type }) => type === 'tool-call')
    // The text of an output that is JSON was parsed.
    .map(({ id, input, output }) => ({ id, arguments: JSON.stringify(input), output: typeof output === 'string' ? output : JSON.stringify(output) })),
})

const joined = (parts, type) =>
  parts
    .filter((part) => part.type === type)
    .map((part) => part.content)
    .join('')
