import type { ContentPart, ResumeEntry, WireMessage, WireToolCall } from '@statechat/core/wire'
import type { ErrorHandler } from '../model-error.ts'
import { plainText } from '../plain-text.ts'
import { RunFailure } from '../run-failure.ts'
import { isObject } from '../shape.ts'
import { questionedCall } from './approval.ts'
import { runCall } from './run-call.ts'
import type { CallTask } from './run-calls.ts'
import type { ToolSet } from './tool-set.ts'

/** What a person's answers ask for. */
export interface Resumption {
  /** The history as if the model had written what the person approved. */
  messages: readonly WireMessage[]
  /** The calls that they are about: they run, or say why not. */
  tasks: CallTask[]
}

/** What a person said about a call: why it shall not run, or that it shall, perhaps with other arguments. */
type Decision = { call: WireToolCall; refusal: string } | { call: WireToolCall; refusal?: undefined; editedArgs: unknown }

/**
 * The answers of a request to the questions of the one before. A call that has its result already is left out, so a request that
 * is sent twice runs nothing twice. Throws a `RunFailure` for an answer to something else.
 */
export function resumption(
  resume: readonly ResumeEntry[],
  { messages, tools, onError }: { messages: readonly WireMessage[]; tools: ToolSet; onError?: ErrorHandler | undefined },
): Resumption {
  const decisions = decisionsOf(resume, messages, tools).map(withEdit)
  const edited = new Map(decisions.map(({ call }) => [call.id, call]))
  return {
    messages: messages.flatMap((message): WireMessage[] => {
      if (message.role === 'tool') return edited.has(message.toolCallId) ? [] : [message]
      if (message.role !== 'assistant' || !message.toolCalls) return [message]
      return [{ ...message, toolCalls: message.toolCalls.map((call) => edited.get(call.id) ?? call) }]
    }),
    tasks: decisions.map(({ call, refusal }) => ({
      call,
      run: (context) =>
        refusal === undefined ? runCall(call, context, { tools, onError, isApproved: true }) : { type: 'failed', error: refusal, denied: true },
    })),
  }
}

function decisionsOf(resume: readonly ResumeEntry[], messages: readonly WireMessage[], tools: ToolSet): Decision[] {
  const calls = new Map(messages.flatMap((message) => (message.role === 'assistant' ? (message.toolCalls ?? []) : [])).map((call) => [call.id, call]))
  const answered = new Set(messages.flatMap((message) => (message.role === 'tool' && !isEcho(message.content) ? [message.toolCallId] : [])))
  const seen = new Set<string>()
  return resume.flatMap((entry): Decision[] => {
    const call = calls.get(questionedCall(entry.interruptId) ?? '')
    if (!call || tools.find(call.function.name)?.side === 'client') {
      throw new RunFailure('unknown_interrupt', 'The answer is to a question that this server has not asked.')
    }
    if (seen.has(call.id)) throw new RunFailure('invalid_resume', 'There are two answers to one question.')
    seen.add(call.id)
    return answered.has(call.id) ? [] : [decision(call, entry)]
  })
}

/** TanStack AI's client writes the person's answer into the history, in the place of the result that is still to come. */
function isEcho(content: string | readonly ContentPart[]): boolean {
  try {
    const said: unknown = JSON.parse(plainText(content))
    return isObject(said) && (said['pendingExecution'] === true || (said['approved'] === false && typeof said['message'] === 'string'))
  } catch {
    return false
  }
}

function decision(call: WireToolCall, { status, payload }: ResumeEntry): Decision {
  if (status === 'cancelled') return { call, refusal: 'The user cancelled this call.' }
  if (!isObject(payload) || typeof payload['approved'] !== 'boolean') {
    throw new RunFailure('invalid_resume', 'The answer has to say whether the call is approved.')
  }
  const { approved, reason, editedArgs } = payload
  if (approved) return { call, editedArgs }
  return { call, refusal: typeof reason === 'string' && reason.trim() !== '' ? `${DENIED}: ${reason}` : `${DENIED}.` }
}

const DENIED = 'The user denied this call'

/** The call as the person wants it; several clients write `null` for what is absent. */
function withEdit(decided: Decision): { call: WireToolCall; refusal?: string | undefined } {
  const { call } = decided
  if (decided.refusal !== undefined || decided.editedArgs === undefined || decided.editedArgs === null) return decided
  return { call: { ...call, function: { ...call.function, arguments: JSON.stringify(decided.editedArgs) } } }
}
