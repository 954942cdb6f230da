import type { Chunk } from '../protocol/chunk.ts'
import { checkMessages } from './check-messages.ts'
import { settleStored } from './finalise.ts'
import type { InterruptPart, MessagePart, ToolCallPart, UIMessage } from './message.ts'
import { Messages, type Shape } from './messages.ts'
import type { Owner } from './owner.ts'
import { callIndex, type Ending, interruptIndex } from './parts.ts'
import { Run, type RunAt, type RunMode, type World } from './run.ts'

export interface InitialContent {
  messages?: readonly UIMessage[] | undefined
  state?: unknown
}

/** All messages of one chat, and the run that is writing to them. Making one throws `misuse` for initial messages that cannot be a transcript. */
export class Transcript {
  #messages = new Messages()
  #world: World
  #run: Run | undefined

  constructor(owner: Owner, { messages = [], state }: InitialContent = {}) {
    this.#world = { messages: this.#messages, owner, state }
    if (messages.length > 0) this.replace(messages, 'tree')
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
    const message = this.messageOf(id)
    return message?.parts[callIndex(message, id)] as ToolCallPart | undefined
  }
  /** The message that holds a call: the run's own first, as another branch may be shown meanwhile. */
  messageOf(callId: string): UIMessage | undefined {
    const written = this.runMessage()
    return written && callIndex(written, callId) >= 0 ? written : this.get(this.#messages.callOwner(callId) ?? '')
  }
  /** Whether it holds more than prose, which only {@link rich} knows what to do with. */
  hasRich(): boolean {
    return this.#messages.hasRich()
  }
  /** What agent and application share. */
  state(): unknown {
    return this.#world.state
  }
  setState(state: unknown): void {
    this.#world.state = state
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
  /** Changes the message that holds a call, or a question of the server. */
  edit(of: { callId: string } | { interruptId: string }, change: (message: UIMessage) => UIMessage): void {
    const message = 'callId' in of ? this.messageOf(of.callId) : this.#interruptOwner(of.interruptId)
    if (message) this.#messages.edit(message.id, change)
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

  /** `structured`: every text of the run is the JSON of an answer. */
  beginRun(tip: string | null, mode: RunMode, options?: Pick<RunAt, 'structured' | 'keep' | 'runId' | 'generateId'>): void {
    this.#run = new Run(this.#world, { tip, mode, ...options })
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

  #interruptOwner(id: string): UIMessage | undefined {
    return this.messages().findLast((message) => interruptIndex(message, id) >= 0)
  }
}
