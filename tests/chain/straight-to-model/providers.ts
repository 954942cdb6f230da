import Anthropic from '@anthropic-ai/sdk'
import { type Connection, fetchServerSentEvents } from '@statechat/core'
import OpenAI from 'openai'
import { anthropicMessages, openaiChat, openaiResponses } from '@statechat/core'

/** What an answer comes to, whoever read it. */
export interface Answer {
  text: string
  thought: string
  calls: { id: string; name: string; input: unknown }[]
  usage: { input: number | undefined; output: number | undefined }
}

export interface Provider {
  name: string
  /** Our own way: the chat straight to the model. Notes the bodies that are sent. */
  connect(
    origin: string,
    options?: { request?: Record<string, unknown>; sent?: Record<string, unknown>[]; headers?: Record<string, string> },
  ): Connection
  /** The same question through the official package. */
  ask(origin: string, question: string): Promise<Answer>
}

const MODELS = { openai: 'gpt-5.4', anthropic: 'claude-sonnet-5-5' }

/** A `fetch` that notes what it sends. */
const noting =
  (sent: Record<string, unknown>[]): typeof fetch =>
  (url, init) => {
    sent.push(JSON.parse(init?.body as string) as Record<string, unknown>)
    return fetch(url, init)
  }

const chat: Provider = {
  name: 'openaiChat',
  connect: (origin, { request, sent = [], headers } = {}) =>
    fetchServerSentEvents(`${origin}/v1/chat/completions`, {
      protocol: openaiChat({ model: MODELS.openai, request }),
      headers: { authorization: 'Bearer test', ...headers },
      fetch: noting(sent),
    }),
  async ask(origin, question) {
    const client = new OpenAI({ baseURL: `${origin}/v1`, apiKey: 'test', maxRetries: 0 })
    const stream = client.chat.completions.stream({
      model: MODELS.openai,
      messages: [{ role: 'user', content: question }],
      stream_options: { include_usage: true },
    })
    let thought = ''
    stream.on('chunk', ({ choices: [choice] }) => {
      thought += (choice?.delta as { reasoning_content?: string } | undefined)?.reasoning_content ?? ''
    })
    const { choices, usage } = await stream.finalChatCompletion()
    const { content, tool_calls: calls = [] } = choices[0]!.message
    return {
      text: content ?? '',
      thought,
      calls: calls.flatMap((call) =>
        call.type === 'function' ? [{ id: call.id, name: call.function.name, input: JSON.parse(call.function.arguments) as unknown }] : [],
      ),
      usage: { input: usage?.prompt_tokens, output: usage?.completion_tokens },
    }
  },
}

const responses: Provider = {
  name: 'openaiResponses',
  connect: (origin, { request, sent = [], headers } = {}) =>
    fetchServerSentEvents(`${origin}/v1/responses`, {
      protocol: openaiResponses({ model: MODELS.openai, request }),
      headers: { authorization: 'Bearer test', ...headers },
      fetch: noting(sent),
    }),
  async ask(origin, question) {
    const client = new OpenAI({ baseURL: `${origin}/v1`, apiKey: 'test', maxRetries: 0 })
    const stream = client.responses.stream({ model: MODELS.openai, input: question })
    const { output, usage } = await stream.finalResponse()
    return {
      text: output
        .flatMap((item) => (item.type === 'message' ? item.content : []))
        .map((part) => (part.type === 'output_text' ? part.text : ''))
        .join(''),
      thought: output
        .flatMap((item) => (item.type === 'reasoning' ? item.summary : []))
        .map(({ text }) => text)
        .join('\n\n'),
      calls: output.flatMap((item) =>
        item.type === 'function_call' ? [{ id: item.call_id, name: item.name, input: JSON.parse(item.arguments) as unknown }] : [],
      ),
      usage: { input: usage?.input_tokens, output: usage?.output_tokens },
    }
  },
}

const anthropic: Provider = {
  name: 'anthropicMessages',
  connect: (origin, { request, sent = [], headers } = {}) =>
    fetchServerSentEvents(`${origin}/v1/messages`, {
      protocol: anthropicMessages({ model: MODELS.anthropic, request }),
      headers: { 'x-api-key': 'test', ...headers },
      fetch: noting(sent),
    }),
  async ask(origin, question) {
    const client = new Anthropic({ baseURL: origin, apiKey: 'test', maxRetries: 0 })
    const stream = client.messages.stream({ model: MODELS.anthropic, max_tokens: 100, messages: [{ role: 'user', content: question }] })
    const { content, usage } = await stream.finalMessage()
    return {
      text: content.map((block) => (block.type === 'text' ? block.text : '')).join(''),
      thought: content.map((block) => (block.type === 'thinking' ? block.thinking : '')).join(''),
      calls: content.flatMap((block) => (block.type === 'tool_use' ? [{ id: block.id, name: block.name, input: block.input }] : [])),
      usage: { input: usage.input_tokens, output: usage.output_tokens },
    }
  },
}

export const PROVIDERS: readonly Provider[] = [chat, responses, anthropic]
export { anthropic, chat, responses }
