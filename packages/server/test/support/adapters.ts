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
