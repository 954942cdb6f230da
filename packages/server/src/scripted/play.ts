import type { ModelChunk, ModelRequest } from '../adapter.ts'
import type { Clock } from '../clock.ts'
import { ModelError } from '../model-error.ts'
import { plainText } from '../plain-text.ts'
import { pause } from './pause.ts'
import type { Reply, Step, ToolOutcome, ToolStep } from './step.ts'
import { outcome, turnOf } from './turn.ts'

export interface Pace {
  delayMs: number
  chunkSize: number
  clock: Clock
}

/** Plays a reply as one model call: from where the answered calls left off, up to the next call that somebody else has to answer. */
export async function* play(reply: Reply, request: ModelRequest, pace: Pace): AsyncGenerator<ModelChunk, void, undefined> {
  const { signal, generateId, tools } = request
  const answered = turnOf(request.messages).outcomes
  let messageId = request.messageId
  let hasText = false
  let written = 0

  async function* pieces(text: string): AsyncGenerator<string, void, undefined> {
    for (const piece of cut(text, pace.chunkSize)) {
      await pause(pace.delayMs, { clock: pace.clock, signal })
      if (signal.aborted) return
      written += piece.length
      yield piece
    }
  }

  async function* call({ tool, input }: ToolStep, toolCallId: string): AsyncGenerator<ModelChunk, void, undefined> {
    yield { type: 'TOOL_CALL_START', toolCallId, toolCallName: tool, parentMessageId: messageId }
    for await (const delta of pieces(JSON.stringify(input ?? {}))) yield { type: 'TOOL_CALL_ARGS', toolCallId, delta }
    yield { type: 'TOOL_CALL_END', toolCallId }
  }

  const finish = (reason: 'stop' | 'tool_calls'): ModelChunk => {
    const inputTokens = tokens(request.messages.reduce((sum, message) => sum + plainText(message.content ?? '').length, 0))
    const outputTokens = tokens(written)
    const usage = { provider: 'scripted', model: request.model, inputTokens, outputTokens, totalTokens: inputTokens + outputTokens }
    return { type: 'finish', reason, usage }
  }

  const script = typeof reply === 'string' ? [reply].values() : reply[Symbol.iterator]()
  let known: ToolOutcome[] = []
  for (let next = script.next(known); !next.done; next = script.next(known)) {
    if (signal.aborted) return
    const step = next.value
    const calls = callsOf(step)
    if (calls.length > 0 && answered.length > 0) {
      known = answered.splice(0, calls.length)
    } else if (calls.length > 0) {
      const ids = calls.map(() => `call_${generateId()}`)
      for (const [index, toolStep] of calls.entries()) yield* call(toolStep, ids[index]!)
      known = []
      for (const [index, toolStep] of calls.entries()) {
        if (toolStep.output === undefined || tools.some(({ name }) => name === toolStep.tool)) continue
        const content = resultText(toolStep)
        yield { type: 'TOOL_CALL_RESULT', messageId: generateId(), toolCallId: ids[index]!, content, role: 'tool' }
        known.push(outcome(toolStep.input, content))
      }
      if (known.length < calls.length) return yield finish('tool_calls')
      // What follows a result is a new message, or it would be read as said before the call.
      messageId = generateId()
      hasText = false
    } else if (answered.length > 0) {
      // Said before the call whose answer we have.
    } else if (typeof step === 'string') {
      hasText = true
      for await (const delta of pieces(step)) yield { type: 'TEXT_MESSAGE_CONTENT', messageId, delta }
    } else if ('reasoning' in step) {
      const thought = generateId()
      // What is said after a thought is another text.
      if (hasText) messageId = generateId()
      hasText = false
      for await (const delta of pieces(step.reasoning)) yield { type: 'REASONING_MESSAGE_CONTENT', messageId: thought, delta }
    } else if ('error' in step) {
      throw new ModelError(step.error, `scripted(): the script says ${step.error}`)
    }
  }
  if (!signal.aborted) yield finish('stop')
}

function callsOf(step: Step): readonly ToolStep[] {
  if (typeof step === 'string') return []
  if ('tool' in step) return [step]
  return Array.isArray(step) ? step : []
}

function resultText({ input, output }: ToolStep): string {
  const value: unknown = typeof output === 'function' ? output(input) : output
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Pieces of about `size` characters; never half of a surrogate pair. */
function* cut(text: string, size: number): Generator<string, void, undefined> {
  const step = Math.max(1, Math.floor(size))
  for (let start = 0; start < text.length;) {
    let end = start + step
    if (/[\uD800-\uDBFF]/.test(text[end - 1] ?? '')) end += 1
    yield text.slice(start, end)
    start = end
  }
}

/** The usual rule of thumb: about four characters to a token. */
const tokens = (characters: number): number => Math.ceil(characters / 4)
