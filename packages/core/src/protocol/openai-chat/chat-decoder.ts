import type { Chunk, TokenUsage } from '../chunk.ts'
import { toFinishReason } from '../finish-reason.ts'
import { isObject } from '../../json.ts'
import { createModelRun, malformed, type ModelRun, objectIn, partOf, textIn, usageOf } from '../model-run.ts'
import type { ChunkDecoder, DecoderOptions } from '../protocol.ts'

type Event = Record<string, unknown>

interface Call {
  /** As the server gave it, if it did. */
  given: string
  /** Its id here, once it has a name. */
  id: string | undefined
  /** Arguments that came before the name. */
  held: string
}

/** The chunks of a completion → ours. The finish reason is its terminal; the usage comes after it, so the run ends with the stream. */
export function createChatDecoder(options: DecoderOptions, model: string): ChunkDecoder {
  const run = createModelRun(options, isOfChat)
  const calls = createCalls(run, options.runId)
  let reason = ''
  let usage: TokenUsage | undefined

  const delta = (event: Event, out: Chunk[]): void => {
    // DeepSeek, vLLM and LM Studio say `reasoning_content`, OpenRouter and Ollama `reasoning`; some say both.
    const thought = event['reasoning_content'] || event['reasoning']
    if (typeof thought === 'string' && thought !== '') run.think(thought, out)
    run.text(textIn(event, 'content'), out)
    run.refuse(textIn(event, 'refusal'), out)
    const { tool_calls: called } = event
    if (Array.isArray(called)) for (const call of called) calls.accept(isObject(call) ? call : malformed(event, 'tool_calls'), out)
    else if (called !== undefined && called !== null) malformed(event, 'tool_calls')
  }

  const end = (out: Chunk[]): void => {
    if (reason === '') return
    calls.checkNames()
    run.finish(toFinishReason(reason), usage, out)
    reason = ''
  }

  return {
    decode(value, out) {
      const event = run.event(value, out)
      if (event === undefined) return
      const { error, choices, usage: counts } = event
      if (error) return run.fail(error, out)
      if (isObject(counts)) usage = tokenUsage(counts, event['model'] ?? model)
      if (choices === undefined || choices === null) {
        if (!isObject(counts)) run.warnOnce('choices', 'Events without choices are skipped.', event, 'unknown_chunk')
        return
      }
      if (!Array.isArray(choices)) malformed(event, 'choices')
      // Local servers repeat their ids (Ollama draws from a thousand), and a conversation must not.
      if (typeof event['id'] === 'string' && event['id'] !== '') run.name(`${event['id']}-${options.runId}`)
      const [choice] = choices as unknown[]
      if (choice === undefined) {
        if (usage !== undefined) end(out)
        return
      }
      if (!isObject(choice)) malformed(event, 'choices')
      // The second of several answers.
      if (choice['index']) return
      if (choice['delta'] !== undefined && choice['delta'] !== null) delta(objectIn(choice, 'delta'), out)
      reason = textIn(choice, 'finish_reason') || reason
    },
    end,
  }
}

const isOfChat = ({ choices, usage, error }: Event): boolean => Array.isArray(choices) || isObject(usage) || Boolean(error)

/** Follows parallel calls. OpenAI tells them apart by `index`; others leave it out, or use 0 for all. */
function createCalls(run: ModelRun, runId: string) {
  const calls: Call[] = []
  const byIndex = new Map<unknown, Call>()

  const find = (index: unknown, given: string, name: string): Call | undefined => {
    if (typeof index !== 'number') return calls.find((call) => given !== '' && call.given === given) ?? (given || name ? undefined : calls.at(-1))
    const call = byIndex.get(index)
    return call && given && call.given && given !== call.given && name ? undefined : call
  }

  return {
    accept(event: Event, out: Chunk[]): void {
      const called = partOf(event['function'])
      const given = textIn(event, 'id')
      const name = textIn(called, 'name')
      const json = isObject(called['arguments']) ? JSON.stringify(called['arguments']) : textIn(called, 'arguments')
      let call = find(event['index'], given, name)
      if (call === undefined) {
        call = { given, id: undefined, held: '' }
        calls.push(call)
        byIndex.set(event['index'], call)
      }
      call.held += json
      if (call.id === undefined && name !== '') call.id = run.call(call.given || given || `${runId}-call-${calls.length}`, name, out)
      if (call.id === undefined) return
      run.args(call.id, call.held, out)
      call.held = ''
      // Gemini refuses a call that comes back without it.
      const signature = partOf(partOf(event['extra_content'])['google'])['thought_signature']
      if (typeof signature === 'string' && signature !== '') run.sealCall(call.id, signature, out)
    },
    checkNames(): void {
      const nameless = calls.find(({ id }) => id === undefined)
      if (nameless) run.warnOnce('name', 'A tool call came without a name; it was ignored.', nameless, 'orphan')
    },
  }
}

function tokenUsage(counts: Event, model: unknown): TokenUsage | undefined {
  return usageOf(
    { provider: 'openai', model },
    {
      inputTokens: counts['prompt_tokens'],
      outputTokens: counts['completion_tokens'],
      totalTokens: counts['total_tokens'],
      reasoningTokens: partOf(counts['completion_tokens_details'])['reasoning_tokens'],
      cachedInputTokens: partOf(counts['prompt_tokens_details'])['cached_tokens'],
    },
  )
}
