import type { Chunk, Custom, MessagesSnapshot, RunStarted, StateDelta, StateSnapshot } from '../protocol/chunk.ts'
import { activityIndex, patchActivity } from './activity.ts'
import { applyChunk } from './apply-chunk.ts'
import { reconcile, unseenMessages } from './messages-snapshot.ts'
import { applyPatch } from './patch.ts'
import type { Run } from './run.ts'

/** What is about more than the message being written: the state, the conversation, activities of earlier messages, a step taken back. */
export function applyToRun(chunk: Chunk, run: Run): void {
  switch (chunk.type) {
    case 'RUN_STARTED':
      return takeInput(chunk, run)
    case 'STATE_SNAPSHOT':
    case 'STATE_DELTA':
      return applyToState(chunk, run)
    case 'MESSAGES_SNAPSHOT':
      return takeSnapshot(chunk, run)
    case 'ACTIVITY_SNAPSHOT':
    case 'ACTIVITY_DELTA':
      return applyActivity(chunk, run)
    case 'CUSTOM':
      return isStepReset(chunk) ? resetStep(chunk.value.step, run) : run.write(chunk)
    default:
      return run.write(chunk)
  }
}

/** A patch that does not fit changes nothing and is a warning. */
function applyToState(chunk: StateSnapshot | StateDelta, run: Run): void {
  const { world } = run
  if (chunk.type === 'STATE_SNAPSHOT') return void (world.state = chunk.snapshot)
  const patched = applyPatch(world.state ?? {}, chunk.delta)
  if ('value' in patched) world.state = patched.value
  else run.warn({ code: 'bad_patch', message: `A change to the state was left out, which stays as it is: ${patched.error}.`, seen: chunk })
}

function applyActivity(chunk: Extract<Chunk, { type: 'ACTIVITY_SNAPSHOT' | 'ACTIVITY_DELTA' }>, run: Run): void {
  const { messages } = run.world
  const { messageId: id } = chunk
  const owner = messages.path().findLast((message) => activityIndex(message, id) >= 0)
  // One of an earlier message changes there.
  if (chunk.type === 'ACTIVITY_SNAPSHOT')
    return owner && owner.id !== run.messageId ? messages.edit(owner.id, (message) => applyChunk(message, chunk)) : run.write(chunk)
  if (owner) return messages.edit(owner.id, (message) => patchActivity(message, chunk, (warning) => run.warn(warning)))
  run.warn({ code: 'bad_patch', message: `A change to the activity ${id} was left out: there is no such activity.`, seen: chunk })
}

function takeSnapshot(chunk: MessagesSnapshot, run: Run): void {
  const { messages } = run.world
  messages.reconcile(reconcile(messages.path(), chunk))
  if (run.messageId !== null && !messages.has(run.messageId)) run.messageId = null
  const last = messages.path().at(-1)
  if (run.messageId === null && last?.role === 'assistant' && last.id !== run.at.tip) run.messageId = last.id
  else if (run.messageId === null) run.tip = last?.id ?? null
}

/** The server says what it was asked: what we did not know comes before the answer (AG-UI: RUN_STARTED.input). */
function takeInput({ input }: RunStarted, run: Run): void {
  const { messages } = run.world
  if (run.messageId !== null) return
  for (const message of unseenMessages(input, messages)) {
    messages.append(message, run.tip)
    run.tip = message.id
  }
}

/** What a step has said so far goes (AI SDK: `reset-step`). */
function resetStep(step: string, run: Run): void {
  const { messages } = run.world
  const start = run.steps?.get(step)
  if (run.messageId === null || start === undefined) return
  messages.edit(run.messageId, (message) => (message.parts.length > start ? { ...message, parts: message.parts.slice(0, start) } : message))
}

const isStepReset = (chunk: Custom): chunk is Custom & { value: { step: string } } =>
  chunk.name === 'step-reset' && typeof (chunk.value as { step?: unknown } | null)?.step === 'string'
