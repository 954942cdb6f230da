import { user } from '../../src/session/test-kit.ts'
import type { ChatEvent } from '../../src/session/events.ts'
import type { UIMessage } from '../../src/transcript/message.ts'
import { always, type Move } from './move.ts'
import type { Model } from './model.ts'
import { refused } from './refusal.ts'

/** A command that begins a turn is not sent when nothing would come of it. */
const ask = (model: Model, event: ChatEvent) => {
  if (model.can(event)) model.send(event)
}
const firstQuestion = (messages: readonly UIMessage[]) => messages.find(({ role }) => role === 'user')?.id ?? 'nobody'

/** One that waits is enough to see how they wait. */
const hasRoom = ({ snapshot }: Model) => snapshot.context.queue.length === 0 || !snapshot.hasTag('busy')

/** What a person does. */
export const userMoves: Readonly<Record<string, Move>> = {
  send: {
    possible: hasRoom,
    model: (model, n) => ask(model, { type: 'user.send', turnId: `S${n}`, message: user(`S${n}`) }),
    chat: ({ chat }, n) => void chat.sendMessage({ content: `S${n}`, id: `S${n}` }),
  },
  refusedSend: {
    possible: always,
    model: (model, n) => refused(() => model.send({ type: 'user.send', turnId: `R${n}`, message: user(`R${n}`) })),
    chat: ({ chat }, n) => refused(() => void chat.sendMessage({ content: `R${n}`, id: `R${n}` })),
  },
  reload: {
    possible: always,
    model: (model) => ask(model, { type: 'user.reload', turnId: model.host.generateId() }),
    chat: ({ chat }) => void chat.reload(),
  },
  edit: {
    possible: always,
    model: (model, n) =>
      ask(model, { type: 'user.edit', turnId: `E${n}`, messageId: firstQuestion(model.host.transcript.messages()), message: user(`E${n}`) }),
    chat: ({ chat, snapshot }, n) => void chat.edit(firstQuestion(snapshot.messages), { content: `E${n}`, id: `E${n}` }),
  },
  retry: {
    possible: always,
    model: (model) => ask(model, { type: 'user.retry', turnId: model.host.generateId() }),
    chat: ({ chat }) => void chat.retry(),
  },
  stop: { possible: always, model: (model) => model.send({ type: 'user.stop' }), chat: ({ chat }) => chat.stop() },
  clear: { possible: always, model: (model) => model.send({ type: 'user.clear' }), chat: ({ chat }) => chat.clear() },
  setMessages: {
    possible: always,
    model: (model) => model.send({ type: 'user.setMessages', messages: [user('other')] }),
    chat: ({ chat }) => chat.setMessages([user('other')]),
  },
  setState: {
    possible: always,
    model: (model) => model.send({ type: 'user.setState', state: { n: 1 } }),
    chat: ({ chat }) => chat.setState({ n: 1 }),
  },
  selectBranch: {
    possible: always,
    model: (model) => model.send({ type: 'user.selectBranch', messageId: firstQuestion(model.host.transcript.messages()) }),
    chat: ({ chat, snapshot }) => chat.selectBranch(firstQuestion(snapshot.messages)),
  },
  unqueue: {
    possible: always,
    model: (model) => model.send({ type: 'user.unqueue', id: model.snapshot.context.queue[0]?.id ?? 'nobody' }),
    chat: ({ chat, snapshot }) => chat.unqueue(snapshot.queue[0]?.id ?? 'nobody'),
  },
  resumeQueue: { possible: always, model: (model) => model.send({ type: 'user.resumeQueue' }), chat: ({ chat }) => chat.resumeQueue() },
  attach: { possible: always, model: (model) => model.send({ type: 'view.attach' }), chat: ({ chat }) => chat.attach() },
  detach: { possible: always, model: (model) => model.send({ type: 'view.detach' }), chat: ({ chat }) => chat.detach() },
}
