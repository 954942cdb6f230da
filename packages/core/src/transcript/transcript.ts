import type { WarningSink } from '../errors.ts'
import type { Chunk } from '../protocol/chunk.ts'
import { checkMessages } from './check-messages.ts'
import { settleStored } from './finalise.ts'
import type { InterruptPart, MessagePart, ToolCallPart, ToolResultPart, UIMessage } from './message.ts'
import { createMessages, type Shape } from './messages.ts'
import { callIndex, type Ending, interruptIndex } from './parts.ts'
import { rich } from './rich.ts'
import { openRun, type Run, type RunAt, type RunMode } from './run.ts'
import { createSharedState } from './shared-state.ts'

/** All messages of one chat, and the run that is writing to them. */
export interface Transcript {
  /** The visible path, oldest first; the same array until something on it changed. */
  messages(): readonly UIMessage[]
  get(id: string): UIMessage | undefined
  head(): string | null
  pathTo(id: string | null): UIMessage[]
  parentOf(id: string): string | null
  branches(id: string): readonly UIMessage[]
  /** Every message of every branch, hidden ones too: parents before children. */
  all(): readonly UIMessage[]
  call(id: string): ToolCallPart | undefined
  /** Whether it holds more than prose, which only {@link rich} knows what to do with. */
  hasRich(): boolean
  /** What agent and application share. */
  state(): unknown
  setState(state: unknown): void

  /** Adds a message at the end of the visible path, or below the given parent. */
  append(message: UIMessage, parentId?: string | null): void
  /** Shows the branch that this message is on. */
  select(id: string): void
  /** Throws `misuse` for what cannot be a transcript, and changes nothing then. */
  replace(messages: readonly UIMessage[], as: Shape): void
  answer(result: ToolResultPart, output?: unknown): void
  /** Changes the message that holds a call, or a question of the server. */
  edit(of: { callId: string } | { interruptId: string }, change: (message: UIMessage) => UIMessage): void
  /** A question of the server that is about no call. */
  interrupt(id: string): InterruptPart | undefined
  /** The call that an approval is for, by the id of either. */
  approvalOf(id: string): ToolCallPart | undefined
  /** What tells a call from every other of the conversation, in every tab: servers are known to use a call id again. */
  callKey(id: string): string

  /** `structured`: every text of the run is the JSON of an answer. */
  beginRun(tip: string | null, mode: RunMode, options?: Pick<RunAt, 'structured' | 'keep' | 'runId' | 'generateId'>): void
  apply(chunks: readonly Chunk[]): void
  endRun(ending: Ending): void
  /** The answers that the run's request carried are the server's now. */
  deliver(): void
  /** The message that the last run wrote, if it wrote. */
  runMessage(): UIMessage | undefined
  /** How many parts its message had when the run began. */
  runStart(): number
  /** Makes the path what it was when the last run began, for sending its request again. */
  forkRun(): void
  /** A summary, so that no inspector ever serialises the messages. */
  toJSON(): unknown
}

export interface TranscriptOptions {
  /** For what the wire gives no id. */
  generateId: () => string
  initial?: readonly UIMessage[] | undefined
  initialState?: unknown
  /** What could not be applied. Default: nobody hears it. */
  warn?: WarningSink | undefined
}

/** Throws `misuse` for initial messages that cannot be a transcript. */
export function createTranscript({ generateId, initial = [], initialState, warn = () => {} }: TranscriptOptions): Transcript {
  const messages = createMessages()
  const state = createSharedState(initialState)
  let run: Run | undefined

  function replace(list: readonly UIMessage[], as: Shape) {
    checkMessages(list)
    run = undefined
    messages.replace(list.map(settleStored), as)
  }
  if (initial.length > 0) replace(initial, 'tree')

  /** The run's own message first: another branch may be shown meanwhile. */
  function ownerOf(callId: string) {
    const written = run?.message()
    return written && callIndex(written, callId) >= 0 ? written.id : messages.callOwner(callId)
  }

  const interruptOwner = (id: string) => messages.path().findLast((message) => interruptIndex(message, id) >= 0)

  return {
    messages: messages.path,
    get: messages.get,
    head: messages.head,
    pathTo: messages.pathTo,
    parentOf: messages.parentOf,
    branches: messages.siblings,
    all: messages.all,
    call(id) {
      const message = messages.get(ownerOf(id) ?? '')
      return message?.parts[callIndex(message, id)] as ToolCallPart | undefined
    },
    hasRich: messages.hasRich,
    state: state.get,
    setState: state.set,
    append: (message, parentId = messages.head()) => messages.append(message, parentId),
    select: messages.select,
    replace,
    answer(result, output) {
      const owner = ownerOf(result.toolCallId)
      const more = rich.get()
      if (owner !== undefined && more) messages.edit(owner, (message) => more.answerCall(message, result, output))
    },
    edit(of, change) {
      const owner = 'callId' in of ? ownerOf(of.callId) : interruptOwner(of.interruptId)?.id
      if (owner !== undefined) messages.edit(owner, change)
    },
    interrupt(id) {
      const message = interruptOwner(id)
      return message?.parts[interruptIndex(message, id)] as InterruptPart | undefined
    },
    approvalOf(id) {
      const isIt = (part: MessagePart): part is ToolCallPart => part.type === 'tool-call' && (part.approval?.id === id || part.id === id)
      return [...messages.path()].reverse().flatMap(({ parts }) => parts.findLast(isIt) ?? [])[0]
    },
    callKey(id) {
      const message = messages.get(ownerOf(id) ?? '')
      return message ? `${message.id}/${callIndex(message, id)}` : id
    },
    beginRun(tip, mode, options) {
      run = openRun({ messages, state, generateId, warn }, { tip, mode, ...options })
    },
    apply: (chunks) => run?.apply(chunks),
    endRun: (ending) => run?.end(ending),
    deliver: () => run?.deliver(),
    runMessage: () => run?.message(),
    runStart: () => run?.start ?? 0,
    forkRun: () => run?.fork(),
    toJSON() {
      const path = messages.path()
      const last = path.at(-1)
      return { messages: path.length, last: last && { id: last.id, role: last.role, parts: last.parts.length } }
    },
  }
}
