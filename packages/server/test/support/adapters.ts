import type { ModelAdapter, ModelChunk, ModelFinish, ModelRequest } from '../../src/index.ts'
import type { PartChunk } from '../../src/open-parts.ts'

/** An adapter that yields what it is told, and remembers what it was asked. */
export function yielding(...chunks: (ModelChunk | Error)[]): ModelAdapter & { requests: ModelRequest[] } {
  const requests: ModelRequest[] = []
  return {
    name: 'test',
    defaultModel: 'test-1',
    requests,
    async *stream(request) {
      requests.push(request)
      for (const chunk of chunks) {
        if (chunk instanceof Error) throw chunk
        yield chunk
      }
    },
  }
}

/** An adapter that answers each call with the next of these, the last one again when there are no more. */
export function answering(...answers: readonly (ModelChunk | Error)[][]): ModelAdapter & { requests: ModelRequest[] } {
  const requests: ModelRequest[] = []
  return {
    name: 'test',
    defaultModel: 'test-1',
    requests,
    async *stream(request) {
      const asked = requests.push(request)
      yield* yielding(...(answers[Math.min(asked, answers.length) - 1] ?? [])).stream(request)
    },
  }
}

/** A whole call, in two pieces. */
export const call = (toolCallId: string, toolCallName: string, input: unknown = {}): PartChunk[] => {
  const json = typeof input === 'string' ? input : JSON.stringify(input)
  return [startCall(toolCallId, toolCallName), args(toolCallId, json.slice(0, 3)), args(toolCallId, json.slice(3)), endCall(toolCallId)]
}

/** Says one thing and then nothing, for ever, whatever its signal says. */
export const hanging = (...first: ModelChunk[]): ModelAdapter & { signal: () => AbortSignal } => {
  let signal: AbortSignal | undefined
  return {
    name: 'hanging',
    defaultModel: 'test-1',
    signal: () => signal!,
    async *stream(request) {
      signal = request.signal
      yield* first
      await new Promise(() => {})
    },
  }
}

export const say = (delta: string, messageId = 'm'): PartChunk => ({ type: 'TEXT_MESSAGE_CONTENT', messageId, delta })
export const think = (delta: string, messageId = 't'): PartChunk => ({ type: 'REASONING_MESSAGE_CONTENT', messageId, delta })
export const startCall = (toolCallId: string, toolCallName = 'f'): PartChunk => ({ type: 'TOOL_CALL_START', toolCallId, toolCallName })
export const args = (toolCallId: string, delta: string): PartChunk => ({ type: 'TOOL_CALL_ARGS', toolCallId, delta })
export const endCall = (toolCallId: string): PartChunk => ({ type: 'TOOL_CALL_END', toolCallId })
export const stop: ModelFinish = { type: 'finish', reason: 'stop' }
export const toolCalls: ModelFinish = { type: 'finish', reason: 'tool_calls' }
