import { addUsage, type Chunk, type Metadata, type ResumeEntry, type RunOutcome, type TokenUsage, type WireMessage } from '@statechat/core/wire'
import { ABORTED, unlessAborted } from './abortable.ts'
import type { ModelAdapter, ModelRequest, ToolChoice } from './adapter.ts'
import { modelCall } from './model-call.ts'
import type { ErrorHandler } from './model-error.ts'
import { RunFailure } from './run-failure.ts'
import { type AnswerForm, structuredAnswer } from './structured-answer.ts'
import { announcement, approvalInterrupt } from './tools/approval.ts'
import { resumption } from './tools/resume.ts'
import { runCall } from './tools/run-call.ts'
import { type CallTask, runCalls, type WaitingCall } from './tools/run-calls.ts'
import { type ModelStep, stepRecord } from './tools/step-record.ts'
import type { ToolSet } from './tools/tool-set.ts'

/** Asked after each step whose calls are all answered: `true` ends the run there. */
export type StopWhen = (info: { steps: readonly ModelStep[] }) => boolean | Promise<boolean>

export interface LoopPlan {
  adapter: ModelAdapter
  /** Everything about the calls of the model but what each has of its own. */
  request: Omit<ModelRequest, 'signal' | 'messageId' | 'tools' | 'responseFormat'>
  tools: ToolSet
  resume: readonly ResumeEntry[]
  maxSteps: number
  stopWhen?: StopWhen | undefined
  form?: AnswerForm | undefined
  /** When a question that is asked now expires. */
  expiresAt: () => Date | undefined
  onError?: ErrorHandler | undefined
}

/** How a run ended, if it did not throw. */
export type LoopEnd = { type: 'cancelled' } | { type: 'finished'; outcome: RunOutcome; metadata: Metadata }

/** What the run has used so far; also known when it fails. */
export interface Spent {
  usage: readonly TokenUsage[]
}

const CANCELLED: LoopEnd = { type: 'cancelled' }

/** Calls the model, runs what it calls, and calls it again, until it needs nothing any more, or somebody else. */
export async function* loop(plan: LoopPlan, signal: AbortSignal, spent: Spent): AsyncGenerator<Chunk, LoopEnd, undefined> {
  const { adapter, request, tools, maxSteps, stopWhen, form, onError } = plan
  const { generateId } = request
  const resumed = resumption(plan.resume, { messages: request.messages, tools, onError })
  const results = stepRecord()
  if ((yield* watched(runCalls(resumed.tasks, { signal, generateId }), results.accept)) === ABORTED) return CANCELLED
  let messages = [...resumed.messages, ...results.messages()]

  const steps: ModelStep[] = []
  for (;;) {
    const record = stepRecord()
    const answer = form && structuredAnswer(form, tools.wire.length > 0)
    const call = modelCall(adapter, {
      ...request,
      messages,
      tools: tools.wire,
      toolChoice: choiceAfter(messages, request.toolChoice),
      messageId: generateId(),
      signal,
      ...(form && { responseFormat: form.format }),
    })
    const end = yield* watched(call, record.accept, answer?.accept)
    if (end.type === 'cancelled') return CANCELLED
    const { finish } = end
    if (finish.usage) spent.usage = addUsage(spent.usage, [finish.usage])
    const finished = (outcome: RunOutcome): LoopEnd => ({ type: 'finished', outcome, metadata: { ...finish.metadata, finishReason: finish.reason } })

    const calls = record.calls(end.unansweredCallIds)
    if (calls.length === 0) {
      const complete = answer && (await unlessAborted(answer.complete(finish.reason), signal))
      if (complete === ABORTED) return CANCELLED
      if (complete) yield complete
      // A provider may have run all of its calls itself.
      return finished(finish.reason === 'tool_calls' ? NOTHING_PENDING : { type: 'success' })
    }

    const isCut = CUT_SHORT.has(finish.reason)
    // A provider that has yet to answer a call of its own is asked to go on; the call is nobody else's.
    const tasks = calls
      .filter(({ metadata }) => metadata?.['providerExecuted'] !== true)
      .map((call): CallTask => ({
        call,
        run: (context) =>
          isCut ? { type: 'failed', error: 'The call was not run: the answer was cut off.' } : runCall(call, context, { tools, onError }),
      }))
    const waiting = yield* watched(runCalls(tasks, { signal, generateId }), record.accept)
    if (waiting === ABORTED) return CANCELLED
    if (waiting.length > 0) {
      for (const each of waiting) yield announcement(each)
      return finished(outcomeOf(waiting, plan))
    }
    if (isCut) return finished(NOTHING_PENDING)
    steps.push(record.summary(finish))
    const stops = stopWhen ? await unlessAborted(stopWhen({ steps: [...steps] }), signal) : false
    if (stops === ABORTED) return CANCELLED
    if (stops) return finished(NOTHING_PENDING)
    if (steps.length >= maxSteps) {
      const message = `The model still wanted to call tools after ${maxSteps} ${maxSteps === 1 ? 'step' : 'steps'}. Raise maxSteps in chat() or ai() if it needs more.`
      throw new RunFailure('max_steps', message)
    }
    messages = [...messages, ...record.messages()]
  }
}

/** Says that the calls which have no result are nobody's. */
const NOTHING_PENDING: RunOutcome = { type: 'success', pendingToolCallIds: [] }

/** Arguments may end anywhere in such an answer, and nobody wants more of it. */
const CUT_SHORT: ReadonlySet<string> = new Set(['length', 'content_filter', 'error'])

/** A model that has to call a tool would call one for ever: it has to until it has a result. */
function choiceAfter(messages: readonly WireMessage[], choice: ToolChoice | undefined): ToolChoice | undefined {
  return choice === 'none' || messages.at(-1)?.role !== 'tool' ? choice : undefined
}

function outcomeOf(waiting: readonly WaitingCall[], { tools, expiresAt }: LoopPlan): RunOutcome {
  const approvals = waiting.filter((call) => call.for === 'approval')
  if (approvals.length === 0) return { type: 'success', pendingToolCallIds: waiting.map(({ call }) => call.id) }
  const date = expiresAt()
  return { type: 'interrupt', interrupts: approvals.map((call) => approvalInterrupt(call, tools, date)) }
}

/** The source, seen by `see` on its way, and changed by `change`. */
async function* watched<R>(
  source: AsyncGenerator<Chunk, R, undefined>,
  see: (chunk: Chunk) => void,
  change?: (chunk: Chunk) => Chunk[],
): AsyncGenerator<Chunk, R, undefined> {
  try {
    for (;;) {
      const next = await source.next()
      if (next.done) return next.value
      see(next.value)
      if (change) yield* change(next.value)
      else yield next.value
    }
  } finally {
    await source.return(undefined as R)
  }
}
