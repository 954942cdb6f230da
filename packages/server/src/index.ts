export type { ModelAdapter, ModelChunk, ModelFinish, ModelRequest, ModelSettings, ResponseFormat, ToolChoice } from './adapter.ts'
export { type AI, ai, type ChatDefaults, type ChatOptions } from './ai.ts'
export { chatHandler } from './chat-handler/chat-handler.ts'
export type { Authorize, AuthorizeInput, ChatHandler, ChatHandlerOptions, ModelRun } from './chat-handler/options.ts'
export { ChatRequestError, type ChatRequestErrorCode, isChatRequestError } from './chat-request-error.ts'
export type { ChatStream } from './chat-stream.ts'
export type { ChunkSource } from './chunk-body.ts'
export type { Clock } from './clock.ts'
export type { StopWhen } from './loop.ts'
export { type ErrorHandler, isModelError, ModelError, type ModelErrorCode, type ModelErrorDetails } from './model-error.ts'
export { type MessageInput, normaliseMessages, type PlainMessage } from './normalise-messages.ts'
export { type ChatRequest, parseChatBody, parseChatRequest, type ParseOptions } from './parse-chat-request.ts'
export { memoryRunLog, type MemoryRunLogOptions } from './run-log/memory-run-log.ts'
export type { OnAbandoned } from './run-log/produce.ts'
export { isRunLogError, RunLogError, type RunLogErrorCode } from './run-log/run-log-error.ts'
export type { Claim, LoggedEvent, RunEnd, RunIdentity, RunInfo, RunLog, RunStatus, Written } from './run-log/run-log.ts'
export type { RunAction } from './run-log/runs.ts'
export { RunFailure, type RunFailureCode, type RunFailureDetails } from './run-failure.ts'
export { isToolError, ToolError } from './tools/tool-error.ts'
export type { ModelStep } from './tools/step-record.ts'
export type { ToolInput } from './tools/tool-set.ts'
export { type StreamResponseOptions, toHttpStreamResponse, toStreamResponse } from './to-stream-response.ts'
export { toUIMessageStreamResponse, type UIMessageStreamResponseOptions } from './ui-message-stream/to-ui-message-stream-response.ts'
export { ChatError, isChatError, toolDefinition } from '@statechat/core/wire'
export type {
  ChatTool,
  Chunk,
  ClientTool,
  FinishReason,
  InferInput,
  InferOutput,
  JsonSchema,
  NeedsApproval,
  ResumeEntry,
  Schema,
  SchemaIssue,
  ServerTool,
  TokenUsage,
  ToolContext,
  ToolDefinition,
  ToolOptions,
  UIMessage,
  WireMessage,
  WireTool,
} from '@statechat/core/wire'
