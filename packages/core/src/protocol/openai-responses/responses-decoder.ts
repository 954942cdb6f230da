import type { Chunk, FinishReason } from '../chunk.ts'
import { createModelRun, malformed, objectIn, partOf, textIn, usageOf } from '../model-run.ts'
import type { ChunkDecoder, DecoderOptions } from '../protocol.ts'

type Event = Record<string, unknown>

/** The events of a response → chunks. */
export function createResponsesDecoder(options: DecoderOptions, model: string): ChunkDecoder {
  const run = createModelRun(options, isOfResponses)
  /** By place in the output: some servers give an item another id with every event. */
  const thoughts = new Map<unknown, string>()
  const calls = new Map<unknown, { id: string; hasArguments: boolean }>()

  const placeOf = (event: Event, itemId: unknown): unknown => event['output_index'] ?? itemId
  const thoughtOf = (event: Event, itemId: unknown): string => {
    const place = placeOf(event, itemId)
    const id = thoughts.get(place) ?? (typeof itemId === 'string' && itemId !== '' ? itemId : run.thoughtId(`thinking-${String(place)}`))
    thoughts.set(place, id)
    return id
  }
  const callOf = (event: Event, item: Event, out: Chunk[]) => {
    const place = placeOf(event, item['id'])
    let call = calls.get(place)
    if (call === undefined) {
      const id = textIn(item, 'call_id') || malformed(event, 'item.call_id')
      call = { id: run.call(id, textIn(item, 'name') || malformed(event, 'item.name'), out), hasArguments: false }
      calls.set(place, call)
    }
    return call
  }

  const itemAdded = (event: Event, item: Event, out: Chunk[]): void => {
    if (item['type'] === 'function_call') callOf(event, item, out)
    if (item['type'] === 'message') run.begin(textIn(item, 'id') || run.thoughtId(String(event['output_index'])), out)
  }

  const itemDone = (event: Event, item: Event, out: Chunk[]): void => {
    if (item['type'] === 'function_call') {
      const call = callOf(event, item, out)
      if (!call.hasArguments) run.args(call.id, textIn(item, 'arguments'), out)
      call.hasArguments = true
      run.endCall(call.id, out)
    } else if (item['type'] === 'reasoning') {
      const sealed = textIn(item, 'encrypted_content')
      if (sealed !== '') run.seal(thoughtOf(event, item['id']), sealed, out)
      run.rest(out)
    } else run.rest(out)
  }

  const args = (event: Event, out: Chunk[]): void => {
    const call = calls.get(placeOf(event, event['item_id']))
    if (call === undefined) return run.warnOnce('args', 'Arguments came for a tool call that is not open; they were ignored.', event, 'orphan')
    const delta = textIn(event, 'delta')
    call.hasArguments ||= delta !== ''
    run.args(call.id, delta, out)
  }

  const finish = (response: Event, type: string, out: Chunk[]): void => {
    // Some servers call every response completed, and say in its status how it ended.
    const status = response['status'] ?? type.slice('response.'.length)
    if (status === 'failed') return run.fail(response['error'], out)
    const reason = status === 'incomplete' ? incompleteReason(partOf(response['incomplete_details'])['reason']) : 'stop'
    const usage = partOf(response['usage'])
    run.finish(
      reason,
      usageOf(
        { provider: 'openai', model: response['model'] ?? model },
        {
          inputTokens: usage['input_tokens'],
          outputTokens: usage['output_tokens'],
          totalTokens: usage['total_tokens'],
          reasoningTokens: partOf(usage['output_tokens_details'])['reasoning_tokens'],
          cachedInputTokens: partOf(usage['input_tokens_details'])['cached_tokens'],
        },
      ),
      out,
    )
  }

  return {
    decode(value, out) {
      const event = run.event(value, out)
      if (event === undefined) return
      const type = textIn(event, 'type')
      switch (type) {
        case 'response.created':
          return run.name(objectIn(event, 'response')['id'])
        case 'response.output_item.added':
          return itemAdded(event, objectIn(event, 'item'), out)
        case 'response.output_item.done':
          return itemDone(event, objectIn(event, 'item'), out)
        case 'response.output_text.delta':
          return run.text(textIn(event, 'delta'), out)
        case 'response.refusal.delta':
          return run.refuse(textIn(event, 'delta'), out)
        case 'response.reasoning_summary_part.added':
          // A summary has titled sections, which are apart on the wire.
          return event['summary_index'] ? run.think('\n\n', out, thoughtOf(event, event['item_id'])) : undefined
        case 'response.reasoning_summary_text.delta':
        case 'response.reasoning_text.delta':
          return run.think(textIn(event, 'delta'), out, thoughtOf(event, event['item_id']))
        case 'response.function_call_arguments.delta':
          return args(event, out)
        case 'response.completed':
        case 'response.incomplete':
        case 'response.failed':
          return finish(objectIn(event, 'response'), type, out)
        case 'error':
          return run.fail(event['error'] ?? { message: event['message'], code: event['code'] }, out)
        default:
          if (event['error']) run.fail(event['error'], out)
          else if (!NOT_NEEDED.test(type))
            run.warnOnce(type, `Events of the unknown type ${JSON.stringify(type.slice(0, 80))} are skipped.`, event, 'unknown_chunk')
      }
    },
    end() {},
  }
}

const isOfResponses = ({ type, error }: Event): boolean => Boolean(error) || (typeof type === 'string' && /^(error$|response\.)/.test(type))

/** What repeats others, and the progress of what the provider runs itself. */
const NOT_NEEDED = /^(keepalive|response\.(queued|in_progress|content_part\.|audio\.|mcp_|output_text\.annotation|.*_call[._]|.*\.done$))/

function incompleteReason(reason: unknown): FinishReason {
  return reason === 'max_output_tokens' ? 'length' : reason === 'content_filter' ? 'content_filter' : 'other'
}
