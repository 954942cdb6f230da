import type { ModelOptions } from '../model-request.ts'
import type { Protocol } from '../protocol.ts'
import { createChatDecoder } from './chat-decoder.ts'
import { chatRequest } from './chat-request.ts'

export interface OpenAIChatOptions extends ModelOptions {
  /** Where reasoning goes back in assistant messages, for servers that ask for it, e.g. `'reasoning_content'`. By default it stays here. */
  reasoningField?: string | undefined
}

/**
 * Chat completions of OpenAI, Ollama, vLLM, LM Studio, llama.cpp, OpenRouter and whoever speaks like them, with no server in between.
 * For prototypes, local models and keys that people bring themselves: a key in a public page is public.
 *
 * @see https://platform.openai.com/docs/api-reference/chat-streaming
 * @example fetchServerSentEvents('http://localhost:11434/v1/chat/completions', { protocol: openaiChat({ model: 'qwen3' }) })
 */
export function openaiChat(options: OpenAIChatOptions): Protocol {
  return {
    name: 'openai-chat',
    encodeRequest: (request) => chatRequest(request, options),
    createDecoder: (decoding) => createChatDecoder(decoding, options.model),
  }
}
