import type { ContentPart, WireTool } from '../chunk.ts'
import { base64, dataUrl, fileName, type ModelMessage, type ModelOptions, modelMessages, modelRequest } from '../model-request.ts'
import { NO_PARAMETERS, plainText, type Thought, unsupported } from '../model-request.ts'
import type { ProtocolRequest } from '../protocol.ts'

/** A request → the body of `POST /responses`. */
export function responsesRequest(request: ProtocolRequest, options: ModelOptions): Record<string, unknown> {
  const { model, system, temperature, maxTokens, toolChoice } = options
  const { messages, tools } = request.input
  return modelRequest(
    {
      model,
      instructions: system,
      input: modelMessages(messages).flatMap(inputItems),
      stream: true,
      store: false,
      tools: tools.map(functionTool),
      tool_choice: tools.length === 0 ? undefined : typeof toolChoice === 'object' ? { type: 'function', ...toolChoice } : toolChoice,
      temperature,
      max_output_tokens: maxTokens,
    },
    options,
    request,
  )
}

/** `strict` is the default there, and would change what the schema says. */
const functionTool = ({ name, description, parameters = NO_PARAMETERS }: WireTool) => ({
  type: 'function',
  name,
  description,
  parameters,
  strict: false,
})

function inputItems(message: ModelMessage): Record<string, unknown>[] {
  switch (message.role) {
    case 'system':
    case 'developer':
      return [{ role: message.role, content: message.text }]
    case 'user':
      return [{ role: 'user', content: inputContent(message.parts) }]
    case 'assistant': {
      const { thoughts, text, calls } = message
      return [
        ...thoughts.flatMap(reasoningItem),
        ...(text === '' ? [] : [{ role: 'assistant', content: text }]),
        ...calls.map(({ call: { id, function: called } }) => ({
          type: 'function_call',
          call_id: id,
          name: called.name,
          arguments: called.arguments || '{}',
        })),
        ...calls.map(({ call, content }) => ({
          type: 'function_call_output',
          call_id: call.id,
          output: typeof content === 'string' ? content : inputContent(content),
        })),
      ]
    }
  }
}

/** Without its seal a thought means nothing to the provider, which has not stored it; one of another provider, told by its id, is refused. */
function reasoningItem({ id, content, encryptedValue }: Thought): Record<string, unknown>[] {
  if (encryptedValue === undefined || !id.startsWith('rs')) return []
  const summary = content === '' ? [] : [{ type: 'summary_text', text: content }]
  return [{ type: 'reasoning', id, summary, encrypted_content: encryptedValue }]
}

const inputContent = (parts: readonly ContentPart[]) => plainText(parts) ?? parts.map(inputPart)

function inputPart(part: ContentPart): Record<string, unknown> {
  if (part.type === 'text') return { type: 'input_text', text: part.text }
  const { type, source } = part
  const kind = type === 'image' ? 'input_image' : 'input_file'
  if (type === 'audio' && source.type === 'data')
    return { type: 'input_audio', input_audio: { data: base64(source.value), format: /wav/.test(source.mimeType) ? 'wav' : 'mp3' } }
  if (type === 'audio' || type === 'video') return unsupported('openaiResponses', part)
  if (source.type === 'file') return { type: kind, file_id: source.value }
  if (type === 'image') return { type: kind, image_url: source.type === 'url' ? source.value : dataUrl(source) }
  return source.type === 'url' ? { type: kind, file_url: source.value } : { type: kind, filename: fileName(part), file_data: dataUrl(source) }
}
