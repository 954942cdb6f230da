/**
 * The wire half, without machine, transcript store or network: vocabulary, framing and message conversion.
 * What a server, a proxy or a test needs.
 */
export type * from './protocol/chunk.ts'
export { PROTOCOL_VERSION } from './protocol/chunk.ts'
export { addUsage } from './protocol/add-usage.ts'
export type * from './transcript/message.ts'
export type * from './tool/tool.ts'
export { requireUniqueNames, toolDefinition } from './tool/tool-definition.ts'
export type { ClientToolOptions, ToolDefinition, ToolOptions } from './tool/tool-definition.ts'
export { issuesText, toJsonSchema, validate } from './tool/schema.ts'
export type { InferInput, InferOutput, JsonSchema, Schema, SchemaIssue, Validated } from './tool/schema.ts'
export { fromWireMessages } from './transcript/from-wire.ts'
export type { WireActivity } from './transcript/from-wire.ts'
export { toWireMessages } from './transcript/to-wire.ts'
export { ChatError, isChatError } from './errors.ts'
export type { ChatErrorCode, ChatErrorDetails, ChatWarning, WarningSink } from './errors.ts'

export type { Frame, FrameDecoder, FrameDecoderOptions } from './framing/frame.ts'
export { createSseDecoder, encodeSse, encodeSseComment } from './framing/sse.ts'
export { createNdjsonDecoder, encodeNdjson } from './framing/ndjson.ts'
export type * from './protocol/ui-message-stream/ai-sdk-message.ts'
export { fromAiSdkMessages } from './protocol/ui-message-stream/from-ai-sdk-messages.ts'
export { toAiSdkMessages } from './protocol/ui-message-stream/to-ai-sdk-messages.ts'
export { agUi } from './protocol/ag-ui.ts'
export type { AgUiOptions } from './protocol/ag-ui.ts'
export type { ChunkDecoder, DecoderOptions, Protocol, ProtocolRequest } from './protocol/protocol.ts'
