import type { ResponseFormatJSONSchema } from 'openai/resources/shared'
import type { ChatCompletionCreateParamsStreaming, ChatCompletionTool, ChatCompletionToolChoiceOption } from 'openai/resources/chat/completions'
import type { JsonSchema } from '@statechat/core/wire'
import type { ModelRequest, ResponseFormat, ToolChoice } from '../adapter.ts'
import { completionMessages } from './completion-messages.ts'
import { strictSchema } from './strict-schema.ts'

/** A model call → the body of `POST /chat/completions`. `official`: OpenAI itself, whose newer models refuse the `max_tokens` that others insist on. */
export function completionRequest(
  request: ModelRequest,
  { includeUsage, official }: { includeUsage: boolean; official: boolean },
): ChatCompletionCreateParamsStreaming {
  const { model, tools, toolChoice, parallelToolCalls, responseFormat, temperature, topP, maxTokens, stop, providerOptions } = request
  return {
    model,
    messages: completionMessages(request),
    stream: true,
    ...(includeUsage && { stream_options: { include_usage: true } }),
    ...(tools.length > 0 && { tools: tools.map(completionTool) }),
    ...(tools.length > 0 && toolChoice !== undefined && { tool_choice: completionToolChoice(toolChoice) }),
    ...(tools.length > 0 && parallelToolCalls !== undefined && { parallel_tool_calls: parallelToolCalls }),
    ...(responseFormat && { response_format: completionFormat(responseFormat) }),
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { top_p: topP }),
    ...(maxTokens !== undefined && (official ? { max_completion_tokens: maxTokens } : { max_tokens: maxTokens })),
    ...(stop !== undefined && { stop: [...stop] }),
    ...providerOptions?.['openai'],
  }
}

function completionTool({ name, description, parameters = { type: 'object', properties: {} } }: ModelRequest['tools'][number]): ChatCompletionTool {
  const strict = strictSchema(parameters as JsonSchema)
  const schema = strict ? { parameters: strict, strict: true } : { parameters: parameters as Record<string, unknown> }
  return { type: 'function', function: { name, description, ...schema } }
}

function completionFormat({ name, schema }: ResponseFormat): ResponseFormatJSONSchema {
  const strict = strictSchema(schema)
  return { type: 'json_schema', json_schema: { name, ...(strict ? { schema: strict, strict: true } : { schema }) } }
}

const completionToolChoice = (choice: ToolChoice): ChatCompletionToolChoiceOption =>
  typeof choice === 'string' ? choice : { type: 'function', function: { name: choice.name } }
