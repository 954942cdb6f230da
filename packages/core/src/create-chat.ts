import type { Chat, ChatOptions } from './chat.ts'
import { LiveChat } from './live-chat.ts'
import type { TypesFrom } from './session/options.ts'
import type { Schema } from './tool/schema.ts'
import type { ChatTool } from './tool/tool.ts'

/**
 * A chat without a framework. Allocates only: nothing runs before the first command or `attach`.
 * Throws `ChatError` `misuse` without a connection, for initial messages that cannot be a transcript, and for two tools of one name.
 *
 * @example
 * const chat = createChat({ connection: fetchServerSentEvents('/api/chat') })
 * const { outcome, message } = await chat.sendMessage('Hello!')
 */
export function createChat<const Tools extends readonly ChatTool[] = readonly ChatTool[], Output extends Schema = Schema, State = unknown>(
  options: ChatOptions<Tools, Output, State>,
): Chat<TypesFrom<Tools, Output, State>> {
  return new LiveChat(options as unknown as ChatOptions) as unknown as Chat<TypesFrom<Tools, Output, State>>
}
