import { ChatError } from '../../src/errors.ts'
import { failure } from '../../src/session/run-tool.ts'
import { toResult } from '../../src/tool-answer.ts'
import type { ToolCallPart, UIMessage } from '../../src/transcript/message.ts'
import { always, type Move } from './move.ts'

const callIn = (messages: readonly UIMessage[], ...states: ToolCallPart['state'][]): string =>
  messages.flatMap(({ parts }) => parts.flatMap((part) => (part.type === 'tool-call' && states.includes(part.state) ? part.id : []))).at(-1) ??
  'nobody'
const owed = (messages: readonly UIMessage[]) => callIn(messages, 'input-complete', 'approval-responded', 'executing')
const asking = (messages: readonly UIMessage[]) => callIn(messages, 'approval-requested')
const open = (messages: readonly UIMessage[]) =>
  messages.flatMap(({ parts }) => parts.flatMap((part) => (part.type === 'interrupt' && part.state === 'open' ? part.id : []))).at(-1) ?? 'nobody'

/** What a person answers, what the tools of the client do, the storage, and the clock. */
export const clientMoves: Readonly<Record<string, Move>> = {
  addToolResult: {
    possible: always,
    model(model) {
      const answer = { toolCallId: owed(model.host.transcript.messages()), output: 1 }
      model.send({ type: 'tool.result', result: toResult(answer), output: 1 })
    },
    chat: ({ chat, snapshot }) => chat.addToolResult({ toolCallId: owed(snapshot.messages), output: 1 }),
  },
  approve: {
    possible: always,
    model: (model) => model.send({ type: 'tool.approval', toolCallId: asking(model.host.transcript.messages()), approved: true }),
    chat: ({ chat, snapshot }) => chat.approve(asking(snapshot.messages)),
  },
  deny: {
    possible: always,
    model: (model) => model.send({ type: 'tool.approval', toolCallId: asking(model.host.transcript.messages()), approved: false, reason: 'no' }),
    chat: ({ chat, snapshot }) => chat.deny(asking(snapshot.messages), 'no'),
  },
  resolveInterrupt: {
    possible: always,
    model: (model) => model.send({ type: 'interrupt.answer', id: open(model.host.transcript.messages()), status: 'resolved', payload: 1 }),
    chat: ({ chat, snapshot }) => chat.resolveInterrupt(open(snapshot.messages), 1),
  },
  'the tool says how far it is': {
    possible: ({ working }) => working.length > 0,
    model: (model) => model.send({ type: 'tool.progressed', toolCallId: model.working[0]!, progress: 0.5 }),
    chat: ({ working }) => working.at(-1)!.emit(0.5),
  },
  'the tool ends': {
    possible: ({ working }) => working.length > 0,
    model: (model) => model.send({ type: 'tool.result', result: toResult({ toolCallId: model.working[0]!, output: 1 }), output: 1 }),
    chat: ({ working }) => working.at(-1)!.end(1),
  },
  'the tool throws': {
    possible: ({ working }) => working.length > 0,
    model: (model) => model.send(failure(model.working[0]!, 'no')),
    chat: ({ working }) => working.at(-1)!.fail(new Error('no')),
  },
  'the stored messages come': {
    possible: ({ isReading }) => isReading,
    model: (model) => model.send({ type: 'restore.done', messages: model.stored }),
    chat: ({ reads }) => reads.at(-1)!.resolve(),
  },
  'the stored messages cannot be read': {
    possible: ({ isReading }) => isReading,
    model: (model) => model.send({ type: 'restore.failed', error: new ChatError('restore', 'no') }),
    chat: ({ reads }) => reads.at(-1)!.reject(new Error('no')),
  },
  'time passes': { possible: always, model: (model) => model.wait(10_000), chat: ({ clock }) => void clock.increment(10_000) },
}
