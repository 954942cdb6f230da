import type { ChatCompletionChunk } from 'openai/resources/chat/completions'
import type { ModelChunk, ModelRequest } from '../adapter.ts'
import { ModelError } from '../model-error.ts'

type Delta = Partial<ChatCompletionChunk.Choice.Delta.ToolCall>

interface Call {
  id: string
  /** The id as the server gave it, if it did. */
  given: string | undefined
  name: string | undefined
  /** Arguments that came before the name. */
  held: string
}

export interface CompletionToolCalls {
  /** `parentMessageId` is the message that the calls which begin here belong to. */
  accept(deltas: readonly Delta[], parentMessageId: string): Generator<ModelChunk, void, undefined>
  /** Ends the calls, which the provider never does one by one. */
  end(): Generator<ModelChunk, void, undefined>
  any(): boolean
}

/** Follows the parallel tool calls of one completion. OpenAI tells them apart by `index`; others leave it out, or use 0 for all. */
export function completionToolCalls({ messages, generateId }: Pick<ModelRequest, 'messages' | 'generateId'>): CompletionToolCalls {
  const calls: Call[] = []
  const byIndex = new Map<number, Call>()
  const taken = new Set(messages.flatMap((message) => (message.role === 'assistant' ? (message.toolCalls ?? []).map(({ id }) => id) : [])))

  function callOf({ index, id, function: called }: Delta): Call {
    const known =
      index === undefined ? (calls.find((call) => id && call.given === id) ?? (id || called?.name ? undefined : calls.at(-1))) : byIndex.get(index)
    const isAnother = known === undefined || (!!id && !!known.given && known.given !== id && !!called?.name)
    if (!isAnother) return known
    const call: Call = { id: newId(id), given: id || undefined, name: undefined, held: '' }
    calls.push(call)
    byIndex.set(index ?? calls.length - 1, call)
    return call
  }

  /** Local servers leave ids out, or count from zero in every answer; a conversation needs its own. */
  function newId(given: string | undefined): string {
    const id = given && !taken.has(given) ? given : `call_${generateId()}`
    taken.add(id)
    return id
  }

  return {
    *accept(deltas, parentMessageId) {
      for (const delta of deltas) {
        const call = callOf(delta)
        const json = delta.function?.arguments ?? ''
        if (call.name === undefined && delta.function?.name) {
          call.name = delta.function.name
          yield { type: 'TOOL_CALL_START', toolCallId: call.id, toolCallName: call.name, parentMessageId }
          yield { type: 'TOOL_CALL_ARGS', toolCallId: call.id, delta: call.held + json }
        } else if (call.name === undefined) call.held += json
        else yield { type: 'TOOL_CALL_ARGS', toolCallId: call.id, delta: json }
      }
    },
    *end() {
      for (const call of calls) {
        if (call.name === undefined) throw new ModelError('bad_response', 'openai(): a tool call without a name')
        yield { type: 'TOOL_CALL_END', toolCallId: call.id }
      }
    },
    any: () => calls.length > 0,
  }
}
