import type { ContentPart, WireTool } from '../chunk.ts'
import { base64, dataUrl, fileName, type ModelMessage, modelMessages, modelRequest, NO_PARAMETERS, plainText, unsupported } from '../model-request.ts'
import type { ProtocolRequest } from '../protocol.ts'
import type { OpenAIChatOptions } from './openai-chat.ts'

/** OpenAI's own models refuse the `max_tokens` that other servers insist on. */
const OPENAI_MODEL = /^(gpt-(?!oss)|chatgpt-|o\d)/

/** A request → the body of `POST /chat/completions`. */
export function chatRequest(request: ProtocolRequest, options: OpenAIChatOptions): Record<string, unknown> {
  const { model, system, temperature, maxTokens, toolChoice } = options
  const { messages, tools } = request.input
  const instructions: ModelMessage[] = system === undefined ? [] : [{ role: 'system', text: system }]
  return modelRequest(
    {
      model,
      messages: [...instructions, ...modelMessages(messages)].flatMap((message) => chatMessages(message, options)),
      stream: true,
      stream_options: { include_usage: true },
      tools: tools.map(chatTool),
      tool_choice: tools.length === 0 ? undefined : typeof toolChoice === 'object' ? { type: 'function', function: toolChoice } : toolChoice,
      temperature,
      [OPENAI_MODEL.test(model) ? 'max_completion_tokens' : 'max_tokens']: maxTokens,
    },
    options,
    request,
  )
}

const chatTool = ({ name, description, parameters = NO_PARAMETERS }: WireTool) => ({ type: 'function', function: { name, description, parameters } })

function chatMessages(message: ModelMessage, { model, reasoningField }: OpenAIChatOptions): Record<string, unknown>[] {
  switch (message.role) {
    case 'system':
    case 'developer':
      // OpenAI takes the two as one, other servers know only `system`.
      return [{ role: 'system', content: message.text }]
    case 'user': {
      const { parts } = message
      // Servers of plain text models know no parts.
      return [{ role: 'user', content: plainText(parts) ?? parts.map(chatPart) }]
    }
    case 'assistant': {
      const { thoughts, text, calls } = message
      const reasoning = thoughts.map(({ content }) => content).join('\n\n')
      return [
        {
          role: 'assistant',
          content: text || null,
          ...(reasoningField !== undefined && reasoning !== '' && { [reasoningField]: reasoning }),
          ...(calls.length > 0 && {
            tool_calls: calls.map(({ call: { id, function: called, encryptedValue } }) => ({
              id,
              type: 'function',
              function: { name: called.name, arguments: called.arguments || '{}' },
              // Gemini refuses a call without it, others refuse a call with it.
              ...(encryptedValue !== undefined && /gemini/.test(model) && { extra_content: { google: { thought_signature: encryptedValue } } }),
            })),
          }),
        },
        ...calls.map(({ call, content }) => ({ role: 'tool', tool_call_id: call.id, content: resultText(content) })),
      ]
    }
  }
}

/** Results are text only here: what else there is, is named. */
function resultText(content: string | ContentPart[]): string {
  return typeof content === 'string' ? content : content.map((part) => (part.type === 'text' ? part.text : `[${part.type}]`)).join('\n')
}

function chatPart(part: ContentPart): Record<string, unknown> {
  if (part.type === 'text') return { type: 'text', text: part.text }
  const { type, source } = part
  if (type === 'image' && source.type !== 'file')
    return { type: 'image_url', image_url: { url: source.type === 'url' ? source.value : dataUrl(source) } }
  if (type === 'audio' && source.type === 'data')
    return { type: 'input_audio', input_audio: { data: base64(source.value), format: /wav/.test(source.mimeType) ? 'wav' : 'mp3' } }
  if (type === 'document' && source.type === 'file') return { type: 'file', file: { file_id: source.value } }
  if (type === 'document' && source.type === 'data') return { type: 'file', file: { filename: fileName(part), file_data: dataUrl(source) } }
  return unsupported('openaiChat', part)
}
