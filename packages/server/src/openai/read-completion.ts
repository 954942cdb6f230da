import type { FinishReason, TokenUsage } from '@statechat/core/wire'
import type { ChatCompletionChunk } from 'openai/resources/chat/completions'
import type { ModelChunk, ModelRequest } from '../adapter.ts'
import { isModelError, ModelError } from '../model-error.ts'
import { completionToolCalls } from './completion-tool-calls.ts'

/** Fields that are not OpenAI's: DeepSeek, vLLM and LM Studio say `reasoning_content`, OpenRouter and Ollama `reasoning`. */
type Delta = ChatCompletionChunk.Choice.Delta & { reasoning_content?: string | null; reasoning?: string | null }

/** The chunks of a completion → ours. Without a finish reason there is no `finish`: such an answer was cut off. */
export async function* readCompletion(
  stream: AsyncIterable<ChatCompletionChunk>,
  request: ModelRequest,
): AsyncGenerator<ModelChunk, void, undefined> {
  let { messageId } = request
  let hasText = false
  const calls = completionToolCalls(request)
  let reasoningId: string | undefined
  let rawReason: string | undefined
  let usage: TokenUsage | undefined
  let refused = false
  let seen = false

  try {
    for await (const chunk of untilTold(stream)) {
      seen = true
      if (chunk.usage) usage = tokenUsage(chunk.usage, chunk.model ?? request.model)
      const choice = chunk.choices?.[0]
      if (choice === undefined) continue
      const delta: Delta = choice.delta ?? {}
      const thought = delta.reasoning_content || delta.reasoning
      if (typeof thought === 'string' && thought !== '') {
        // What is said after a thought is another text, not more of the one before it.
        if (hasText) messageId = request.generateId()
        hasText = false
        yield { type: 'REASONING_MESSAGE_CONTENT', messageId: (reasoningId ??= request.generateId()), delta: thought }
      }
      if (delta.refusal && !refused) {
        refused = true
        yield { type: 'TEXT_MESSAGE_START', messageId, role: 'assistant', metadata: { refusal: true } }
      }
      const text = delta.content || delta.refusal
      if (text) {
        // Thinking that follows is another thought, not more of the first.
        reasoningId = undefined
        hasText = true
        yield { type: 'TEXT_MESSAGE_CONTENT', messageId, delta: text }
      }
      if (delta.tool_calls) yield* calls.accept(delta.tool_calls, messageId)
      if (choice.finish_reason) rawReason = choice.finish_reason
    }
  } catch (error) {
    // The answer is whole; only the token counts were still to come.
    if (rawReason === undefined || reported(error)) throw error
  }
  if (rawReason === undefined) {
    if (seen) throw new ModelError('truncated', 'openai(): the answer ended without a finish reason')
    throw new ModelError('bad_response', 'openai(): the answer was not a stream of completion chunks')
  }
  yield* calls.end()
  const reason = finishReason(rawReason, { called: calls.any(), refused })
  yield { type: 'finish', reason, ...(usage && { usage }) }
}

/**
 * The chunks up to the token counts, which are the last by OpenAI's rules. What is left of the response is read by nobody,
 * but to its end, since a connection that is cut cannot serve the next call; and some servers leave it open for long.
 */
async function* untilTold(stream: AsyncIterable<ChatCompletionChunk>): AsyncGenerator<ChatCompletionChunk, void, undefined> {
  const source = stream[Symbol.asyncIterator]()
  let hasFinished = false
  let isTold = false
  try {
    while (!isTold) {
      const { done, value } = await source.next()
      if (done) return
      hasFinished ||= Boolean(value.choices?.[0]?.finish_reason)
      isTold = hasFinished && Boolean(value.usage) && !value.choices?.[0]
      yield value
    }
  } finally {
    if (isTold) drain(source).catch(() => {})
    else await source.return?.()
  }
}

async function drain(source: AsyncIterator<unknown>): Promise<void> {
  while (!(await source.next()).done);
}

function finishReason(raw: string, { called, refused }: { called: boolean; refused: boolean }): FinishReason {
  switch (raw) {
    case 'stop':
      // Ollama and others say `stop` when they call.
      return called ? 'tool_calls' : refused ? 'content_filter' : 'stop'
    case 'tool_calls':
    case 'function_call':
      return 'tool_calls'
    case 'length':
    case 'content_filter':
    case 'error':
      return raw
    default:
      return 'other'
  }
}

function tokenUsage(usage: NonNullable<ChatCompletionChunk['usage']>, model: string): TokenUsage {
  const counts = {
    inputTokens: usage.prompt_tokens,
    outputTokens: usage.completion_tokens,
    totalTokens: usage.total_tokens,
    reasoningTokens: usage.completion_tokens_details?.reasoning_tokens,
    cachedInputTokens: usage.prompt_tokens_details?.cached_tokens,
  }
  return { provider: 'openai', model, ...Object.fromEntries(Object.entries(counts).filter(([, count]) => typeof count === 'number')) }
}

/** Whether the provider, or we, found something wrong; a lost connection has no `code` of theirs. */
const reported = (error: unknown): boolean => isModelError(error) || (error instanceof Error && 'error' in error)
