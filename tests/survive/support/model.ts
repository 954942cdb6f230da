import { ai, type AI, type ModelAdapter, type ModelChunk, type ModelRequest, toolDefinition } from '@statechat/server'

/** Where the answer to one question is: what is about to happen. */
export type Place = 'called' | 'reasoning' | 'tool' | 'text' | 'finish' | 'close'

export interface At {
  runId: string
  place: Place
  /** Which delta of the place. */
  index: number
}

export interface ModelHooks {
  /** The model, or the tool, was called for a run. */
  onCall: (call: { runId: string; what: 'think' | 'tool' | 'answer' }) => void | Promise<void>
  /** The model goes on when it resolves. */
  pace: (at: At, signal: AbortSignal) => void | Promise<void>
}

const THOUGHTS = 20
/** Each word says which one it is: none can be lost or doubled unseen. Bytes, units of UTF-16 and characters all differ. */
export const wordsOf = (count: number, length = 0): string[] =>
  Array.from({ length: count }, (_, index) => `${index}${['a', 'é', '€', '🎉'][index % 4]} `.padStart(length, '-'))

/** How long an answer is: the question may say so. */
const DEFAULT_WORDS = 300
export const LONG_QUESTION = 'Answer in 400 words of 100000 characters.'
const answerTo = ({ messages }: ModelRequest): string[] => {
  const question = messages.findLast(({ role }) => role === 'user')?.content
  const [, count = DEFAULT_WORDS, length = 0] = /Answer in (\d+) words of (\d+) characters/.exec(String(question)) ?? []
  return wordsOf(Number(count), Number(length))
}

/** A model that thinks, calls a tool of the server, and answers in many small deltas: always the same. */
export function model({ onCall, pace }: ModelHooks): AI {
  const lookUp = toolDefinition({
    name: 'look_up',
    description: 'Looks a word up',
    inputSchema: { type: 'object', properties: { word: { type: 'string' } }, required: ['word'] },
  }).server(async (input, context) => {
    const runId = runOfCall.get(context.toolCallId) ?? ''
    await onCall({ runId, what: 'tool' })
    await pace({ runId, place: 'tool', index: 0 }, context.signal)
    return { found: (input as { word: string }).word.toUpperCase() }
  })
  const runOfCall = new Map<string, string>()

  const adapter: ModelAdapter = {
    name: 'deterministic',
    defaultModel: 'deterministic',
    stream: (request) => (request.messages.at(-1)?.role === 'tool' ? answer(request) : think(request)),
  }

  async function* think({ runId, messageId, signal }: ModelRequest): AsyncGenerator<ModelChunk> {
    await onCall({ runId, what: 'think' })
    await pace({ runId, place: 'called', index: 0 }, signal)
    for (const [index, delta] of wordsOf(THOUGHTS).entries()) {
      await pace({ runId, place: 'reasoning', index }, signal)
      yield { type: 'REASONING_MESSAGE_CONTENT', messageId: `${messageId}-thought`, delta }
    }
    const toolCallId = `call-of-${runId}`
    runOfCall.set(toolCallId, runId)
    yield { type: 'TOOL_CALL_START', toolCallId, toolCallName: 'look_up', parentMessageId: messageId }
    for (const delta of ['{"wo', 'rd":"', 'straße', '"}']) yield { type: 'TOOL_CALL_ARGS', toolCallId, delta }
    yield { type: 'finish', reason: 'tool_calls' }
  }

  async function* answer(request: ModelRequest): AsyncGenerator<ModelChunk> {
    const { runId, messageId, signal } = request
    await onCall({ runId, what: 'answer' })
    for (const [index, delta] of answerTo(request).entries()) {
      await pace({ runId, place: 'text', index }, signal)
      yield { type: 'TEXT_MESSAGE_CONTENT', messageId, delta }
    }
    await pace({ runId, place: 'finish', index: 0 }, signal)
    yield { type: 'finish', reason: 'stop' }
  }

  return ai(adapter, { tools: [lookUp], onError: (error) => String(error) })
}

/** Lets the sockets work between two deltas. */
export const unhurried: ModelHooks['pace'] = () => new Promise((resolve) => setImmediate(resolve))
