import type { Chat, ChatOptions } from './chat.ts'
import type { ChatCallbacks, TypesFrom } from './session/options.ts'
import type { Schema } from './tool/schema.ts'
import type { ChatTool } from './tool/tool.ts'
import type { ChatTypes } from './transcript/message.ts'

/** A chat that is somebody else's: given, or that of the provider above. Callbacks are added to those it has. */
export interface BorrowedChat<Types extends ChatTypes = ChatTypes> extends ChatCallbacks<NoInfer<Types>> {
  chat?: Chat<Types> | undefined
  connection?: undefined
}

interface OwnedChat<Tools extends readonly ChatTool[], Output extends Schema, State> extends Omit<
  ChatOptions<Tools, Output, State>,
  keyof ChatCallbacks
> {
  chat?: undefined
}

/** Options of `useChat`, in every framework: to make a chat from, or a chat that there is. `Types` are those of the options, or of the chat. */
export type UseChatOptions<
  Tools extends readonly ChatTool[] = readonly ChatTool[],
  Output extends Schema = Schema,
  State = unknown,
  Types extends ChatTypes = TypesFrom<Tools, Output, State>,
> = (OwnedChat<Tools, Output, State> & ChatCallbacks<NoInfer<Types>>) | BorrowedChat<Types>
