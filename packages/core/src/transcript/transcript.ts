import type { WarningSink } from '../errors.ts'
import type { Chunk } from '../protocol/chunk.ts'
import { checkMessages } from './check-messages.ts'
import { settleStored } from './finalise.ts'
import type { InterruptPart, MessagePart, ToolCallPart, ToolResultPart, UIMessage } from './message.ts'
import { Messages, type Shape } from './messages.ts'
import { callIndex, type Ending, interruptIndex } from './parts.ts'
import { rich } from './rich.ts'
import { openRun, type Run, type RunAt, type RunMode, type Shared } from './run.ts'

export interface TranscriptOptions {
  /** For what the wire gives no id. */
  generateId: () => string
  initial?: readonly UIMessage[] | undefined
  initialState?: unknown
  /** What could not be applied. Default: nobody hears it. */
  warn?: WarningSink | undefined
}

/** All messages of one chat, and the run that is writing to them. Making one throws `misuse` for initial messages that cannot be a transcript. */
export class Transcript {
  #messages = new Messages()
  #run: Run | undefined
  #shared: Shared
  #generateId: () => string
  #warn: WarningSink

  constructor({ generateId, initial = [], initialState, warn = () => {} }: TranscriptOptions) {
    this.#shared = { state: initialState }
    this.#generateId = generateId
    this.#warn = warn
    if (initial.length > 0) this.replace(initial, 'tree')
  }

  /** The visible path, oldest first; the same array until something on it changed. */
  messages(): readonly UIMessage[] {
    return this.#messages.path()
  }
  get(id: string): UIMessage | undefined {
    return this.#messages.get(id)
  }
  head(): string | null {
    return this.#messages.head()
  }
  pathTo(id: string | null): UIMessage[] {
    return this.#messages.pathTo(id)
  }
  parentOf(id: string): string | null {
    return this.#messages.parentOf(id)
  }
  branches(id: string): readonly UIMessage[] {
    return this.#messages.siblings(id)
  }
  /** Every message of every branch, hidden ones too: parents before children. */
  all(): readonly UIMessage[] {
    return this.#messages.all()
  }
  call(id: string): ToolCallPart | undefined {
    const message = this.get(this.#ownerOf(id) ?? '')
    return message?.parts[callIndex(message, id)] as ToolCallPart | undefined
  }
  /** Whether it holds more than prose, which only {@link rich} knows what to do with. */
  hasRich(): boolean {
    return this.#messages.hasRich()
  }
  /** What agent and application share. */
  state(): unknown {
    return this.#shared.state
  }
  setState(state: unknown): void {
    this.#shared.state = state
  }

  /** Adds a message at the end of the visible path, or below the given parent. */
  append(message: UIMessage, parentId: string | null = this.head()): void {
    this.#messages.append(message, parentId)
  }
  /** Shows the branch that this message is on. */
  select(id: string): void {
    this.#messages.select(id)
  }
  /** Throws `misuse` for what cannot be a transcript, and changes nothing then. */
  replace(messages: readonly UIMessage[], as: Shape): void {
    checkMessages(messages)
    this.#run = undefined
    this.#messages.replace(messages.map(settleStored), as)
  }
  answer(result: ToolResultPart, output?: unknown): void {
    const owner = this.#ownerOf(result.toolCallId)
    const more = rich.get()
    if (owner !== undefined && more) this.#messages.edit(owner, (message) => more.answerCall(message, result, output))
  }
  /** Changes the message that holds a call, or a question of the server. */
  edit(of: { callId: string } | { interruptId: string }, change: (message: UIMessage) => UIMessage): void {
    const owner = 'callId' in of ? this.#ownerOf(of.callId) : this.#interruptOwner(of.interruptId)?.id
    if (owner !== undefined) this.#messages.edit(owner, change)
  }
  /** A question of the server that is about no call. */
  interrupt(id: string): InterruptPart | undefined {
    const message = this.#interruptOwner(id)
    return message?.parts[interruptIndex(message, id)] as InterruptPart | undefined
  }
  /** The call that an approval is for, by the id of either. */
  approvalOf(id: string): ToolCallPart | undefined {
    const isIt = (part: MessagePart): part is ToolCallPart => part.type === 'tool-call' && (part.approval?.id === id || part.id === id)
    return [...this.messages()].reverse().flatMap(({ parts }) => parts.findLast(isIt) ?? [])[0]
  }
  /** What tells a call from every other of the conversation, in every tab: servers are known to use a call id again. */
  callKey(id: string): string {
    const message = this.get(this.#ownerOf(id) ?? '')
    return message ? `${message.id}/${callIndex(message, id)}` : id
  }

  /** `structured`: every text of the run is the JSON of an answer. */
  beginRun(tip: string | null, mode: RunMode, options?: Pick<RunAt, 'structured' | 'keep' | 'runId' | 'generateId'>): void {
    const world = { messages: this.#messages, shared: this.#shared, generateId: this.#generateId, warn: this.#warn }
    this.#run = openRun(world, { tip, mode, ...options })
  }
  apply(chunks: readonly Chunk[]): void {
    this.#run?.apply(chunks)
  }
  endRun(ending: Ending): void {
    this.#run?.end(ending)
  }
  /** The answers that the run's request carried are the server's now. */
  deliver(): void {
    this.#run?.deliver()
  }
  /** The message that the last run wrote, if it wrote. */
  runMessage(): UIMessage | undefined {
    return this.#run?.message()
  }
  /** How many parts its message had when the run began. */
  runStart(): number {
    return this.#run?.start ?? 0
  }
  /** Makes the path what it was when the last run began, for sending its request again. */
  forkRun(): void {
    this.#run?.fork()
  }
  /** A summary, so that no inspector ever serialises the messages. */
  toJSON(): unknown {
    const path = this.messages()
    const last = path.at(-1)
    return { messages: path.length, last: last && { id: last.id, role: last.role, parts: last.parts.length } }
  }

  /** The run's own message first: another branch may be shown meanwhile. */
  #ownerOf(callId: string): string | undefined {
    const written = this.runMessage()
    return written && callIndex(written, callId) >= 0 ? written.id : this.#messages.callOwner(callId)
  }
  #interruptOwner(id: string): UIMessage | undefined {
    return this.messages().findLast((message) => interruptIndex(message, id) >= 0)
  }
}
