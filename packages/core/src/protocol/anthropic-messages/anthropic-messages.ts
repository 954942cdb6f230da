import type { ModelOptions } from '../model-request.ts'
import type { Protocol } from '../protocol.ts'
import { createMessagesDecoder } from './messages-decoder.ts'
import { messagesRequest } from './messages-request.ts'

export interface AnthropicMessagesOptions extends ModelOptions {
  /** The longest answer, in tokens, thinking included; Anthropic wants one. Default 8192. */
  maxTokens?: number | undefined
}

/**
 * Anthropic's Messages, with no server in between. The adapter has to send the header `x-api-key`, and from
 * a page `anthropic-dangerous-direct-browser-access` too. For prototypes and keys that people bring themselves: a key in a public page is public.
 *
 * @see https://docs.anthropic.com/en/docs/build-with-claude/streaming
 * @example
 * fetchServerSentEvents('https://api.anthropic.com/v1/messages', {
 *   protocol: anthropicMessages({ model: 'claude-sonnet-5-5' }),
 *   headers: { 'x-api-key': key, 'anthropic-dangerous-direct-browser-access': 'true' },
 * })
 */
export function anthropicMessages(options: AnthropicMessagesOptions): Protocol {
  return {
    name: 'anthropic-messages',
    headers: { 'anthropic-version': '2023-06-01' },
    encodeRequest: (request) => messagesRequest(request, options),
    createDecoder: (decoding) => createMessagesDecoder(decoding, options.model),
  }
}
