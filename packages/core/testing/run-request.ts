import type { ConnectContext } from '../src/connection/connection.ts'
import type { RunAgentInput } from '../src/protocol/chunk.ts'
import type { UIMessage } from '../src/transcript/message.ts'

/** What a connection was asked for. */
export interface RunRequest {
  /** `join`: the run that is going on was looked for; else a run was begun, or rejoined if `context.cursor` is set. */
  readonly kind: 'connect' | 'join'
  /** The path that is to be answered, as the chat shows it. */
  readonly messages: readonly UIMessage[]
  /** The chat's `data` option and the send's. */
  readonly data: Record<string, unknown> | undefined
  /** All that the connection was told, `body`, `trigger` and `cursor` among it. */
  readonly context: ConnectContext
  /** The request as an AG-UI server gets it: wire messages, tools, state, answers to interrupts. */
  readonly input: RunAgentInput
  /** Aborts when the run is stopped. */
  readonly signal: AbortSignal
}

export const runRequest = (
  kind: RunRequest['kind'],
  messages: readonly UIMessage[],
  data: Record<string, unknown> | undefined,
  signal: AbortSignal,
  context: ConnectContext,
): RunRequest => ({ kind, messages, data, context, input: context.input, signal })
