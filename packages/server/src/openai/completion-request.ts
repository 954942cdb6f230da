import type { ChatCompletionCreateParamsStreaming, ChatCompletionTool, ChatCompletionToolChoiceOption } from 'openai/resources/chat/completions'
import type { ModelRequest, ToolChoice } from '../adapter.ts'
import { completionMessages } from './completion-messages.ts'

/** A model call → the body of `POST /chat/completions`. `official`: OpenAI itself, whose newer models refuse the `max_tokens` that others insist on. */
export function completionRequest(
  request: ModelRequest,
  { includeUsage, official }: { includeUsage: boolean; official: boolean },
): ChatCompletionCreateParamsStreaming {
  const { model, tools, toolChoice, temperature, topP, maxTokens, stop, providerOptions } = request
  return {
    model,
    messages: completionMessages(request),
    stream: true,
    ...(includeUsage && { stream_options: { include_usage: true } }),
    ...(tools.length > 0 && { tools: tools.map(completionTool) }),
    ...(tools.length > 0 && toolChoice !== undefined && { tool_choice: completionToolChoice(toolChoice) }),
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { top_p: topP }),
    ...(maxTokens !== undefined && (official ? { max_completion_tokens: maxTokens } : { max_tokens: maxTokens })),
    ...(stop !== undefined && { stop: [...stop] }),
    ...providerOptions?.['openai'],
  }
}

function completionTool({ name, description, parameters }: ModelRequest['tools'][number]): ChatCompletionTool {
  return {
    type: 'function',
    function: { name, description, parameters: (parameters as Record<string, unknown> | undefined) ?? { type: 'object', properties: {} } },
  }
}

const completionToolChoice = (choice: ToolChoice): ChatCompletionToolChoiceOption =>
  typeof choice === 'string' ? choice : { type: 'function', function: { name: choice.name } }
