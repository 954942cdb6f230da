import type { Connection } from '../connection/connection.ts'
import type { ChatError, ChatWarning } from '../errors.ts'
import type { Chunk, FinishReason, TokenUsage, WireTool } from '../protocol/chunk.ts'
import type { UIMessage } from '../transcript/message.ts'

/** A value, or a function that gives it when a request is made; it may be async. */
export type PerRequest<T> = T | (() => T | Promise<T>)

export type Fields = Record<string, unknown>

/** What a send does while a turn is in flight: wait for its end, stop it, or do nothing. */
export type WhileBusy = 'queue' | 'interrupt' | 'drop'

/** A tool as the client offers it to the model. Without `execute` its calls wait for `addToolResult`. */
export interface ClientTool {
  name: string
  description?: string | undefined
  /** JSON Schema of the input. */
  inputSchema?: unknown
  metadata?: Record<string, unknown> | undefined
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
export interface ChatCallbacks {
  /** Each chunk, after it was applied. */
  onChunk?: ((chunk: Chunk) => void) | undefined
  /** A turn finished: once per turn, `status` is already `idle`. Never for a stopped or failed one. */
  onFinish?: ((message: UIMessage | undefined, info: FinishInfo) => void) | undefined
  /** A turn failed; the same error is in the snapshot. */
  onError?: ((error: ChatError) => void) | undefined
  /** Something was odd and was dealt with: an unknown chunk, a result nobody waits for. */
  onWarning?: ((warning: ChatWarning) => void) | undefined
}

/** Options that may change while the chat lives; each is read when it is needed. */
export interface LiveOptions extends ChatCallbacks {
  /** Where answers come from, e.g. `fetchServerSentEvents('/api/chat')`. */
  connection: Connection
  /** Extra fields of the request body. The request's own fields win. */
  body?: PerRequest<Fields | undefined> | undefined
  /** Application data for the server: `forwardedProps` of the request, second argument of `connect`. */
  data?: PerRequest<Fields | undefined> | undefined
  /** Tools of this client, offered to the model with each request. Default: none. */
  tools?: readonly ClientTool[] | undefined
  /** Default `'queue'`. */
  whileBusy?: WhileBusy | undefined
  /** How many runs in a row client tool answers may start without a user message. Default 8. */
  maxSteps?: number | undefined
}

/** What `chatMachine` needs: the input of `createActor(chatMachine, { input })`. */
export interface ChatMachineInput extends LiveOptions {
  /** Identifies the conversation to the server. Default: a new id. */
  threadId?: string | undefined
  /** What was said before; a function is called once the chat is shown or used (phase `restoring`). */
  initialMessages?: readonly UIMessage[] | (() => readonly UIMessage[] | Promise<readonly UIMessage[]>) | undefined
  /** Default: nanoid. */
  generateId?: (() => string) | undefined
  /** A number in [0, 1) for the jitter of reconnecting. Default: Math.random. */
  random?: (() => number) | undefined
}

export const toWireTool = ({ name, description = '', inputSchema, metadata }: ClientTool): WireTool => ({
  name,
  description,
  ...(inputSchema !== undefined && { parameters: inputSchema }),
  ...(metadata && { metadata }),
})

const DEFAULT_MAX_STEPS = 8

export const maxSteps = (options: LiveOptions): number => options.maxSteps ?? DEFAULT_MAX_STEPS
