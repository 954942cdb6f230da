import type { Chunk, FinishReason } from '../chunk.ts'
import { toFinishReason } from '../finish-reason.ts'
import { isObject } from '../../json.ts'
import { createModelRun, malformed, objectIn, partOf, textIn, usageOf } from '../model-run.ts'
import type { ChunkDecoder, DecoderOptions } from '../protocol.ts'
import { redactedId, thinkingId } from './thought-id.ts'

type Event = Record<string, unknown>

/** What a block of the answer is; its deltas name only its index. */
type Block =
  | { kind: 'text' }
  | { kind: 'thought'; id: string }
  | { kind: 'call'; id: string; input: unknown; hasArguments: boolean }
  | { kind: 'other' }

/** The events of a message → chunks. */
export function createMessagesDecoder(options: DecoderOptions, model: string): ChunkDecoder {
  const run = createModelRun(options, isOfMessages)
  const blocks = new Map<unknown, Block>()
  let counts: Event = {}
  let answeredBy: unknown = model
  let reason: FinishReason | undefined

  const skip = (what: string, type: string, event: Event): void =>
    run.warnOnce(`${what} ${type}`, `${what} of the unknown type ${JSON.stringify(type.slice(0, 80))} are skipped.`, event, 'unknown_chunk')

  const started = (event: Event): void => {
    const message = objectIn(event, 'message')
    run.name(message['id'])
    answeredBy = message['model'] ?? model
    counts = { ...counts, ...given(message['usage']) }
  }

  const open = (event: Event, out: Chunk[]): Block => {
    const block = objectIn(event, 'content_block')
    const type = textIn(block, 'type')
    switch (type) {
      case 'text':
        run.text(textIn(block, 'text'), out)
        return { kind: 'text' }
      case 'thinking': {
        const id = run.thoughtId(thinkingId(event['index']))
        if (textIn(block, 'thinking') !== '') run.think(textIn(block, 'thinking'), out, id)
        if (textIn(block, 'signature') !== '') run.seal(id, textIn(block, 'signature'), out)
        return { kind: 'thought', id }
      }
      case 'redacted_thinking':
        run.rest(out)
        run.seal(run.thoughtId(redactedId(event['index'])), textIn(block, 'data') || malformed(event, 'content_block.data'), out)
        return { kind: 'other' }
      case 'tool_use': {
        const id = textIn(block, 'id') || malformed(event, 'content_block.id')
        const name = textIn(block, 'name') || malformed(event, 'content_block.name')
        return { kind: 'call', id: run.call(id, name, out), input: block['input'], hasArguments: false }
      }
      default:
        // What the provider runs itself, and its results.
        if (!/^server_|_result$/.test(type)) skip('Blocks', type, event)
        return { kind: 'other' }
    }
  }

  const delta = (event: Event, out: Chunk[]): void => {
    const change = objectIn(event, 'delta')
    const type = textIn(change, 'type')
    const block = blocks.get(event['index'])
    if (block === undefined) return run.warnOnce('block', 'A delta came for a block that is not open; it was ignored.', event, 'orphan')
    if (block.kind === 'other') return
    switch (type) {
      case 'text_delta':
        return run.text(textIn(change, 'text'), out)
      case 'thinking_delta':
        return block.kind === 'thought' ? run.think(textIn(change, 'thinking'), out, block.id) : undefined
      case 'signature_delta':
        return block.kind === 'thought' ? run.seal(block.id, textIn(change, 'signature'), out) : undefined
      case 'input_json_delta': {
        if (block.kind !== 'call') return
        const json = textIn(change, 'partial_json')
        block.hasArguments ||= json !== ''
        return run.args(block.id, json, out)
      }
      case 'citations_delta':
        return
      default:
        skip('Deltas', type, event)
    }
  }

  const close = (event: Event, out: Chunk[]): void => {
    const block = blocks.get(event['index'])
    blocks.delete(event['index'])
    if (block?.kind !== 'call') return run.rest(out)
    // Some servers give the whole input at the start.
    if (!block.hasArguments && isObject(block.input) && Object.keys(block.input).length > 0) run.args(block.id, JSON.stringify(block.input), out)
    run.endCall(block.id, out)
  }

  return {
    decode(value, out) {
      const event = run.event(value, out)
      if (event === undefined) return
      const type = textIn(event, 'type')
      switch (type) {
        case 'message_start':
          return started(event)
        case 'content_block_start':
          blocks.set(event['index'], open(event, out))
          return
        case 'content_block_delta':
          return delta(event, out)
        case 'content_block_stop':
          return close(event, out)
        case 'message_delta':
          reason = finishReason(textIn(objectIn(event, 'delta'), 'stop_reason')) ?? reason
          counts = { ...counts, ...given(event['usage']) }
          return
        case 'message_stop':
          return run.finish(reason, tokenUsage(counts, answeredBy), out)
        case 'error':
          return run.fail(event['error'], out)
        case 'ping':
          return
        default:
          skip('Events', type, event)
      }
    },
    end() {},
  }
}

const isOfMessages = ({ type }: Event): boolean => typeof type === 'string' && /^(error$|message_|content_block_)/.test(type)

function finishReason(reason: string): FinishReason | undefined {
  if (reason === 'refusal') return 'content_filter'
  if (reason === 'model_context_window_exceeded') return 'length'
  return reason === '' ? undefined : toFinishReason(reason)
}

/** The last event repeats some counts, and has `null` for others. */
const given = (usage: unknown): Event => Object.fromEntries(Object.entries(partOf(usage)).filter(([, count]) => count !== null))

function tokenUsage(counts: Event, model: unknown) {
  if (Object.keys(counts).length === 0) return undefined
  const count = (name: string): number => (typeof counts[name] === 'number' ? counts[name] : 0)
  const cached = count('cache_read_input_tokens')
  const written = count('cache_creation_input_tokens')
  // There, what came from the cache is not part of `input_tokens`.
  const inputTokens = count('input_tokens') + cached + written
  const outputTokens = count('output_tokens')
  return usageOf(
    { provider: 'anthropic', model },
    {
      inputTokens,
      outputTokens,
      totalTokens: inputTokens + outputTokens,
      reasoningTokens: partOf(counts['output_tokens_details'])['thinking_tokens'],
      ...('cache_read_input_tokens' in counts && { cachedInputTokens: cached }),
      ...('cache_creation_input_tokens' in counts && { cacheWriteInputTokens: written }),
    },
  )
}
