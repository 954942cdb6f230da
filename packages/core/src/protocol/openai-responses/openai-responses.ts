import type { ModelOptions } from '../model-request.ts'
import type { Protocol } from '../protocol.ts'
import { createResponsesDecoder } from './responses-decoder.ts'
import { responsesRequest } from './responses-request.ts'

export type OpenAIResponsesOptions = ModelOptions

/**
 * OpenAI's Responses, with no server in between. Nothing is stored at the provider (`store: false`): the conversation is here, and
 * reasoning goes back sealed. For prototypes and keys that people bring themselves: a key in a public page is public.
 *
 * @see https://platform.openai.com/docs/api-reference/responses-streaming
 * @example
 * fetchServerSentEvents('https://api.openai.com/v1/responses', {
 *   protocol: openaiResponses({ model: 'gpt-5.4' }),
 *   headers: { authorization: `Bearer ${key}` },
 * })
 */
export function openaiResponses(options: OpenAIResponsesOptions): Protocol {
  return {
    name: 'openai-responses',
    encodeRequest: (request) => responsesRequest(request, options),
    createDecoder: (decoding) => createResponsesDecoder(decoding, options.model),
  }
}
