import { fetchServerSentEvents } from '@statechat/core'
import {
  type AdapterYieldChunk,
  type AnyTool,
  chat,
  chatParamsFromRequest,
  type DefaultMessageMetadataByModality,
  EventType,
  mergeAgentTools,
  type StreamChunk,
  type TextOptions,
  toServerSentEventsResponse,
} from '@tanstack/ai'
import { BaseTextAdapter } from '@tanstack/ai/adapters'
import { serveWeb } from '../support/serve.ts'

type Options = TextOptions<Record<string, never>>
/** What the model does in one call, given what it is asked. */
export type Script = (options: Options, call: number) => Iterable<AdapterYieldChunk> | AsyncIterable<AdapterYieldChunk>

/** A text adapter as TanStack AI documents it; its model does what a test says. */
class ScriptedText extends BaseTextAdapter<'scripted-1', Record<string, never>, readonly ['text'], DefaultMessageMetadataByModality> {
  readonly name = 'scripted'
  readonly asked: Options[] = []
  constructor(private readonly script: Script) {
    super({}, 'scripted-1')
  }
  async *chatStream(options: Options) {
    this.asked.push(options)
    yield* this.script(options, this.asked.length)
  }
  async *structuredOutputStream({ chatOptions }: { chatOptions: Options }) {
    yield* this.chatStream(chatOptions)
  }
  structuredOutput(): never {
    throw new Error('not here: the answer is streamed')
  }
}

/** What the client sent, as far as TanStack AI reads it. */
interface Sent {
  parentRunId: string | undefined
  runId: string
  resume: { interruptId: string; status: string; payload?: unknown; metadata?: Record<string, unknown> }[] | undefined
  /** `role` and, for calls and their answers, ids. */
  roles: string[]
}

/** A TanStack AI server as its docs show it: it is given what chatParamsFromRequest reads, and its tools besides those of the client. */
export async function tanstackServer(script: Script, { tools = [], ...options }: { tools?: readonly unknown[] } & Record<string, unknown> = {}) {
  const adapter = new ScriptedText(script)
  const sent: Sent[] = []
  const url = await serveWeb(async (request) => {
    const { messages, threadId, runId, parentRunId, resume, tools: declared } = await chatParamsFromRequest(request)
    sent.push({ parentRunId, runId, resume: resume as Sent['resume'], roles: messages.map(outline) })
    const stream = chat({
      adapter,
      messages,
      threadId,
      runId,
      ...(parentRunId !== undefined && { parentRunId }),
      ...(resume && { resume }),
      tools: mergeAgentTools(tools as AnyTool[], declared as never),
      debug: false,
      ...options,
    } as never)
    return toServerSentEventsResponse(stream as unknown as AsyncIterable<StreamChunk>)
  })
  return {
    connection: fetchServerSentEvents(url),
    sent,
    /** What the model was given in its last call. */
    lastAsked: () => adapter.asked.at(-1)?.messages as { role: string; content: unknown; toolCallId?: string; toolCalls?: unknown[] }[],
    /** What the tools told the model in its last call: call id and content. */
    toldByTools: () => adapter.asked.at(-1)?.messages.flatMap(({ role, toolCallId, content }) => (role === 'tool' ? [[toolCallId, content]] : [])),
    modelCalls: () => adapter.asked.length,
  }
}

function outline(message: unknown): string {
  const { role, toolCalls, toolCallId } = message as { role: string; toolCalls?: { id: string }[]; toolCallId?: string }
  return [role, ...(toolCalls ?? []).map(({ id }) => id), ...(toolCallId === undefined ? [] : [toolCallId])].join(' ')
}

const at = { model: 'scripted-1', timestamp: 1 }
export const event = (chunk: object): AdapterYieldChunk => ({ ...at, ...chunk }) as AdapterYieldChunk
export const started = event({ type: EventType.RUN_STARTED, threadId: 't', runId: 'r' })
export const finished = (finishReason: 'stop' | 'tool_calls'): AdapterYieldChunk =>
  event({ type: EventType.RUN_FINISHED, threadId: 't', runId: 'r', finishReason, usage: { promptTokens: 10, completionTokens: 5, totalTokens: 15 } })
const texts = (messageId: string, ...deltas: string[]) => [
  event({ type: EventType.TEXT_MESSAGE_START, messageId, role: 'assistant' }),
  ...deltas.map((delta) => event({ type: EventType.TEXT_MESSAGE_CONTENT, messageId, delta })),
  event({ type: EventType.TEXT_MESSAGE_END, messageId }),
]
/** One answer of the model in words. */
export const says = (messageId: string, ...deltas: string[]): AdapterYieldChunk[] => [started, ...texts(messageId, ...deltas), finished('stop')]
/** One answer of the model that calls tools. */
export const calls = (...each: [id: string, name: string, input: object][]): AdapterYieldChunk[] => [
  started,
  ...each.flatMap(([toolCallId, toolCallName, input], index) => [
    event({ type: EventType.TOOL_CALL_START, toolCallId, toolCallName, toolName: toolCallName, index }),
    event({ type: EventType.TOOL_CALL_ARGS, toolCallId, delta: JSON.stringify(input) }),
    event({ type: EventType.TOOL_CALL_END, toolCallId, toolCallName, toolName: toolCallName, input }),
  ]),
  finished('tool_calls'),
]
/** Calls first, and says this once the tools have answered. */
export const callsThenSays =
  (each: readonly [id: string, name: string, input: object][], words: string): Script =>
  ({ messages }, call) =>
    messages.at(-1)?.role === 'tool' ? says(`m${call}`, words) : calls(...each)
