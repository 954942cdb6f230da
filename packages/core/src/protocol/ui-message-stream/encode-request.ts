import type { ProtocolRequest } from '../protocol.ts'
import type { AiSdkMessage } from './ai-sdk-message.ts'
import { toAiSdkMessages } from './to-ai-sdk-messages.ts'

/** What the AI SDK's own client posts. */
export interface AiSdkRequestBody {
  /** Of the conversation. */
  id: string
  messages: AiSdkMessage[]
  trigger: 'submit-message' | 'regenerate-message'
  /** The message that is answered again, was edited, or is gone on with; absent for a new one. */
  messageId?: string | undefined
}

/** Changes the body before it is sent. What it returns is the body, besides the fields of the `body` options. */
export type PrepareRequest = (body: AiSdkRequestBody & Record<string, unknown>, request: ProtocolRequest) => Record<string, unknown>

/** The data of a send are fields of the body, as the AI SDK has it; its own fields win. */
export function encodeAiSdkRequest(request: ProtocolRequest, prepare: PrepareRequest | undefined): Record<string, unknown> {
  const { input, messages, data, trigger, messageId = continued(messages) } = request
  const body = {
    ...data,
    id: input.threadId,
    messages: toAiSdkMessages(messages),
    trigger: trigger === 'regenerate' ? ('regenerate-message' as const) : ('submit-message' as const),
    ...(messageId !== undefined && { messageId }),
  }
  return prepare === undefined ? body : prepare(body, request)
}

/** A request that ends with an answer goes on with it: its calls have been answered. */
function continued(messages: ProtocolRequest['messages']): string | undefined {
  const last = messages.at(-1)
  return last?.role === 'assistant' ? last.id : undefined
}
