import type { ActorRefFrom, InspectionEvent, Observer } from 'xstate'
import type { ChatError } from './errors.ts'
import type { MessageInput } from './message-input.ts'
import type { Persistence } from './persist/persistence.ts'
import type { SendOptions } from './session/events.ts'
import type { TurnResult } from './session/host.ts'
import type { chatMachine } from './session/machine.ts'
import type { ChatCallbacks, ChatMachineInput, LiveOptions } from './session/options.ts'
import type { Tabs } from './tabs/tabs.ts'
import type { ToolAnswer } from './tool-answer.ts'
import type { Schema } from './tool/schema.ts'
import type { ChatTool } from './tool/tool.ts'
import type { ChatTypes, UIMessage } from './transcript/message.ts'
import type { Equal, Readable } from './view/readable.ts'
import type { Scheduler } from './view/scheduler.ts'
import type { ChatSnapshot, ChatStatus } from './view/snapshot.ts'

/**
 * Sees every event of the machine and its actors, as XState's `inspect`, and any inspector for XState is one. Messages and chunks are summaries, so that
 * an event is as small in a long conversation as in a short one; for all that is in them there is `chat.actor.system.inspect`. What it throws changes nothing.
 */
export type Inspector = ((event: InspectionEvent) => void) | Observer<InspectionEvent>

/** Timers of the chat (reconnecting); XState's `SimulatedClock` is one. */
export interface Clock {
  setTimeout(fn: (...args: unknown[]) => void, ms: number): unknown
  clearTimeout(id: unknown): void
}

/** Options of a chat; all but `connection` have defaults. */
export interface ChatOptions<
  Tools extends readonly ChatTool[] = readonly ChatTool[],
  Output extends Schema = Schema,
  State = unknown,
> extends ChatMachineInput<Tools, Output, State> {
  /** Default: the real clock. */
  clock?: Clock | undefined
  /** When streamed text is shown. Default: once per animation frame, at once where there are none. */
  scheduler?: Scheduler | undefined
  inspect?: Inspector | undefined
  /** Keeps the conversation over reloads: `persist({ storage })` of `@statechat/core/persist`. Default: nothing is kept. */
  persist?: Persistence | undefined
  /** Goes together with the chats of the same thread in other tabs: `shareTabs()` of `@statechat/core/tabs`. Default: each tab is on its own. */
  tabs?: Tabs | undefined
}

export interface Chat<Types extends ChatTypes = ChatTypes> {
  readonly threadId: string
  /** The machine's actor, for those who want XState itself; started by being read. */
  readonly actor: ActorRefFrom<typeof chatMachine>

  readonly snapshot: Readable<ChatSnapshot<Types>>
  readonly messages: Readable<readonly UIMessage<Types>[]>
  readonly status: Readable<ChatStatus>
  readonly error: Readable<ChatError | null>
  /** One message: wakes only when that message changes. The same Readable for the same id while there is that message. */
  message(id: string): Readable<UIMessage<Types> | undefined>
  /** A value computed from the snapshot: wakes only when it is another one by `equal` (default Object.is). */
  select<T>(selector: (snapshot: ChatSnapshot<Types>) => T, equal?: Equal<T>): Readable<T>
  getSnapshot(): ChatSnapshot<Types>
  /** Calls back when {@link getSnapshot} has something new; returns the function that ends it. */
  subscribe(onChange: () => void): () => void

  /** Sends a message. Resolves when its own turn is over, also when it had to wait; rejects for misuse only. */
  sendMessage(input: MessageInput, options?: SendOptions): Promise<TurnResult>
  /** As {@link sendMessage}, for a whole message of any role. */
  append(message: UIMessage, options?: SendOptions): Promise<TurnResult>
  /** Answers again: the given message, or the last one. The old answer stays as a sibling. */
  reload(messageId?: string, options?: SendOptions): Promise<TurnResult>
  /** Puts a new version of a user message beside the old one and answers it. */
  edit(messageId: string, input: MessageInput, options?: SendOptions): Promise<TurnResult>
  /** Sends the request that failed or was stopped again. */
  retry(): Promise<TurnResult>
  /**
   * Stops the turn in flight, at once. What has arrived is kept. Resolves when a server that keeps its runs (`resumable`) has ended this one, or when
   * it has not said so in 10 seconds; never rejects.
   */
  stop(): Promise<void>
  /** Removes all messages; stops the turn in flight. */
  clear(): void
  /** Replaces all messages; stops the turn in flight. A function gets the current ones. */
  setMessages(messages: readonly UIMessage[] | ((messages: readonly UIMessage<Types>[]) => readonly UIMessage[])): void
  /** Answers a tool call; the last answer owed starts the next run. */
  addToolResult(answer: ToolAnswer<Types['tools']>): void
  /**
   * Agrees to a tool call, by the id of its approval or of the call. `editedInput` takes the place of the model's input.
   * Rejects with `ChatError` `invalid_input` if the tool's schema refuses that.
   */
  approve(id: string, options?: { editedInput?: unknown }): Promise<void>
  /** Refuses a tool call, by the id of its approval or of the call. The model is told why. */
  deny(id: string, reason?: string): void
  /** Answers a question of the server, by the id of the interrupt. Rejects with `invalid_input` if its `responseSchema` refuses the payload. */
  resolveInterrupt(id: string, payload: unknown): Promise<void>
  /** Gives a question of the server back without an answer. */
  cancelInterrupt(id: string): void
  /** Sets what agent and application share; the next request carries it. A function gets what there is. */
  setState(state: Types['state'] | ((state: Types['state']) => Types['state'])): void
  /** All versions of a message, itself included, oldest first. */
  branches(messageId: string): readonly UIMessage<Types>[]
  /** Shows the branch that this message is on. */
  selectBranch(messageId: string): void
  /** Takes a waiting message out of the queue. */
  unqueue(id: string): void
  /** Goes on with the queue after a stop, an error or `clear`. */
  resumeQueue(): void

  /** New callbacks, tools, body, connection …: used from the next time they are needed. */
  updateOptions(options: Partial<LiveOptions>): void
  /** Hears the chat besides the callbacks in its options, until the returned function is called. */
  listen(callbacks: ChatCallbacks<Types>): () => void
  /** A view shows the chat: stored messages are loaded now. */
  attach(): void
  detach(): void
  /** Keeps the chat alive until the returned function is called; the last release disposes of it a little later. */
  retain(): () => void
  /** Ends everything in flight. Commands are refused from here on, unless a view attaches or retains the chat again. */
  dispose(): void
}
