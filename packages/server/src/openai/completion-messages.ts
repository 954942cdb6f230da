import type { ContentPart, WireMessage } from '@statechat/core/wire'
import type { ChatCompletionAssistantMessageParam, ChatCompletionContentPart, ChatCompletionMessageParam } from 'openai/resources/chat/completions'
import type { ModelRequest } from '../adapter.ts'
import { ModelError } from '../model-error.ts'

/** Wire messages → the messages of a completion. Reasoning stays behind: chat completions have no place for it. */
export function completionMessages({ system, messages }: Pick<ModelRequest, 'system' | 'messages'>): ChatCompletionMessageParam[] {
  const instructions: ChatCompletionMessageParam[] = system === undefined ? [] : [{ role: 'system', content: system }]
  return [...instructions, ...messages.flatMap(completionMessage)]
}

function completionMessage(message: WireMessage): ChatCompletionMessageParam[] {
  switch (message.role) {
    case 'system':
    case 'developer':
      // OpenAI takes the two as one, other servers know only `system`.
      return [{ role: 'system', content: message.content }]
    case 'user':
      return [{ role: 'user', content: typeof message.content === 'string' ? message.content : message.content.map(completionPart) }]
    case 'assistant':
      return assistant(message)
    case 'tool':
      return [{ role: 'tool', tool_call_id: message.toolCallId, content: toolContent(message.content) || `Error: ${message.error ?? 'no result'}` }]
    case 'reasoning':
      return []
  }
}

function assistant({ content, toolCalls = [] }: Extract<WireMessage, { role: 'assistant' }>): ChatCompletionAssistantMessageParam[] {
  if (!content && toolCalls.length === 0) return []
  return [
    {
      role: 'assistant',
      content: content || null,
      ...(toolCalls.length > 0 && {
        tool_calls: toolCalls.map(({ id, function: { name, arguments: json } }) => ({
          id,
          type: 'function',
          function: { name, arguments: json || '{}' },
        })),
      }),
    },
  ]
}

/** Tool results are text only here: what else there is, is named. */
function toolContent(content: string | ContentPart[]): string {
  if (typeof content === 'string') return content
  return content.map((part) => (part.type === 'text' ? part.text : `[${part.type}]`)).join('\n')
}

function completionPart(part: ContentPart): ChatCompletionContentPart {
  if (part.type === 'text') return { type: 'text', text: part.text }
  const { type, source } = part
  if (type === 'image' && source.type !== 'file')
    return { type: 'image_url', image_url: { url: source.type === 'url' ? source.value : dataUrl(source) } }
  if (type === 'audio' && source.type === 'data') {
    return { type: 'input_audio', input_audio: { data: source.value, format: audioFormat(source.mimeType) } }
  }
  if (type !== 'video' && source.type === 'file') return { type: 'file', file: { file_id: source.value } }
  if (type === 'document' && source.type === 'data') return { type: 'file', file: { filename: fileName(part.metadata), file_data: dataUrl(source) } }
  throw new ModelError('unsupported_content', `openai(): chat completions take no ${type} from a ${source.type} source`)
}

const dataUrl = ({ value, mimeType }: { value: string; mimeType: string }) => (value.startsWith('data:') ? value : `data:${mimeType};base64,${value}`)

const fileName = (metadata: Record<string, unknown> | undefined) => (typeof metadata?.['filename'] === 'string' ? metadata['filename'] : 'document')

function audioFormat(mimeType: string): 'wav' | 'mp3' {
  if (/wav/.test(mimeType)) return 'wav'
  if (/mpeg|mp3/.test(mimeType)) return 'mp3'
  throw new ModelError('unsupported_content', 'openai(): chat completions take audio as WAV or MP3')
}
