import type { Connection } from '../connection/connection.ts'
import type { PushBackend } from '../connection/push-connection.ts'
import type { ChatError, ChatWarning } from '../errors.ts'
import type { Chunk, FinishReason, TokenUsage } from '../protocol/chunk.ts'
import type { InferOutput, Schema } from '../tool/schema.ts'
import type { NetworkEvent } from './events.ts'
import type { ChatTool, ClientTool, ToolMapOf } from '../tool/tool.ts'
import type { ChatTypes, DataPart, ToolCallPart, UIMessage } from '../transcript/message.ts'

/** A value, or a function that gives it when a request is made; it may be async. */
export type PerRequest<T> = T | (() => T | Promise<T>)

export type Fields = Record<string, unknown>

/** What a send does while a turn is in flight: wait for its end, stop it, or do nothing. */
export type WhileBusy = 'queue' | 'interrupt' | 'drop'

/**
 * The {@link ChatTypes} of a chat with these tools and this output schema: to name them where there is only a chat.
 *
 * @example
 * const tools = [toolDefinition({ name: 'weather', inputSchema: z.object({ city: z.string() }) })] as const
 * type Types = TypesFrom<typeof tools>
 * const show = (message: UIMessage<Types>) => message.parts.length
 */
export interface TypesFrom<Tools extends readonly ChatTool[] = readonly ChatTool[], Output extends Schema = Schema, State = unknown> {
  readonly tools: ToolMapOf<Tools>
  readonly state: State
  /** Where no schema says it, `unknown`, not `any`. */
  readonly output: unknown extends InferOutput<Output> ? unknown : InferOutput<Output>
}

/** How a turn that was not stopped and did not fail came to its end. */
export interface FinishInfo {
  finishReason: FinishReason | undefined
  /** Tokens of the whole turn, one entry per provider and model. */
  usage: readonly TokenUsage[]
  runId: string
  threadId: string
}

/** What can be heard of a chat. Each is called when the state has settled; what it throws is reported and changes nothing. */
export interface ChatCallbacks<Types extends ChatTypes = ChatTypes> {
  /** Each chunk, after it was applied. */
  onChunk?: ((chunk: Chunk) => void) | undefined
  /** A turn finished: once per turn, `status` is already `idle`. Never for a stopped or failed one. */
  onFinish?: ((message: UIMessage<Types> | undefined, info: FinishInfo) => void) | undefined
  /** A turn failed; the same error is in the snapshot. */
  onError?: ((error: ChatError) => void) | undefined
  /** A call that this client is to answer: by its tool's `execute`, after an approval, or with `addToolResult`. */
  onToolCall?: ((call: ToolCallPart<Types['tools']>) => void) | undefined
  /** Data of the application arrived: parts that stay in the message, and transient ones that only this hears of. */
  onData?: ((part: DataPart) => void) | undefined
  /** Something was odd and was dealt with: an unknown chunk, a result nobody waits for. */
  onWarning?: ((warning: ChatWarning) => void) | undefined
}

/** Options that may change while the chat lives; each is read when it is needed. */
export interface LiveOptions<
  Tools extends readonly ChatTool[] = readonly ChatTool[],
  Output extends Schema = Schema,
  State = unknown,
> extends ChatCallbacks<TypesFrom<Tools, Output, State>> {
  /** Where answers come from, e.g. `fetchServerSentEvents('/api/chat')`. */
  connection: Connection | PushBackend
  /** Extra fields of the request body. The request's own fields win. */
  body?: PerRequest<Fields | undefined> | undefined
  /** Application data for the server: `forwardedProps` of the request, second argument of `connect`. */
  data?: PerRequest<Fields | undefined> | undefined
  /** Tools of this client, offered to the model with each request; `.server()` ones are only known, for their types. Default: none. */
  tools?: Tools | undefined
  /** The answer is JSON in this form: see `partial` and `final` of the snapshot. Default: the answer is text. */
  outputSchema?: Output | undefined
  /** Default `'queue'`. */
  whileBusy?: WhileBusy | undefined
  /** How many runs in a row client tool answers may start without a user message. Default 8. */
  maxSteps?: number | undefined
}

/** What `chatMachine` needs: the input of `createActor(chatMachine, { input })`. */
export interface ChatMachineInput<
  Tools extends readonly ChatTool[] = readonly ChatTool[],
  Output extends Schema = Schema,
  State = unknown,
> extends LiveOptions<Tools, Output, State> {
  /** Identifies the conversation to the server. Default: a new id. */
  threadId?: string | undefined
  /** What was said before; a function is called once the chat is shown or used (phase `restoring`). */
  initialMessages?: readonly UIMessage[] | (() => readonly UIMessage[] | Promise<readonly UIMessage[]>) | undefined
  /**
   * When the chat is first shown, look whether a run of its thread is going on, and show it from its start (phase `restoring`).
   * Needs a connection that can `join`. Default false.
   */
  resume?: boolean | undefined
  /** What agent and application share, until the agent says otherwise (AG-UI: state). Sent with each request. Default: `{}`. */
  initialState?: State | undefined
  /** Default: nanoid. */
  generateId?: (() => string) | undefined
  /** Where a tool call is claimed, so that one of several tabs runs it. Default: `navigator.locks`, if there is one. */
  locks?: Locks | undefined
  /** Tells when the device is offline and when the page is looked at again. Default: the events of `window` and `document`, if there are any. */
  network?: Network | undefined
  /** Milliseconds since the epoch, for questions that expire. Default: Date.now. */
  now?: (() => number) | undefined
  /** A number in [0, 1) for the jitter of reconnecting. Default: Math.random. */
  random?: (() => number) | undefined
}

/** Where a chat learns whether it is worth trying to connect. */
export interface Network {
  /**
   * Calls back with each change, and at once with `network.offline` if there is no network now; gives the function that ends it.
   * `network.online` and `page.visible` make a dropped run be rejoined at once.
   */
  watch(onChange: (event: NetworkEvent) => void): () => void
}

/** What is used of the Web Locks API. */
export interface Locks {
  request(name: string, options: { ifAvailable?: boolean; signal?: AbortSignal }, hold: (lock: unknown) => Promise<void>): Promise<void>
  /** Which locks anybody of the origin has. */
  query?(): Promise<{ held?: { name?: string }[] }>
}

/** The tools that this client answers for. */
export const clientTools = ({ tools = [] }: LiveOptions): readonly ClientTool[] => tools.filter((tool) => tool.side !== 'server')

const DEFAULT_MAX_STEPS = 8

export const maxSteps = (options: LiveOptions): number => options.maxSteps ?? DEFAULT_MAX_STEPS
