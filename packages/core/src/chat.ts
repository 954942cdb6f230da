import { createActor, type ActorRefFrom, type InspectionEvent, type Observer, type SnapshotFrom } from 'xstate'
import { ChatError } from './errors.ts'
import { toUserMessage, type MessageInput } from './message-input.ts'
import { answering, isLoaded, needsMore, loadMore } from './session/answering.ts'
import type { Persistence } from './persist/persistence.ts'
import type { ChatEvent, SendOptions } from './session/events.ts'
import { ChatHost, isolate, type TurnResult } from './session/host.ts'
import { chatMachine } from './session/machine.ts'
import type { ChatCallbacks, ChatMachineInput, LiveOptions, TypesFrom } from './session/options.ts'
import { tellInspector } from './session/tell-inspector.ts'
import { type ToolAnswer, toResult } from './tool-answer.ts'
import type { Schema } from './tool/schema.ts'
import { requireUniqueNames } from './tool/tool-definition.ts'
import type { OpenTab, Tabs } from './tabs/tabs.ts'
import type { ChatTool } from './tool/tool.ts'
import { checkMessages } from './transcript/check-messages.ts'
import type { ChatTypes, UIMessage } from './transcript/message.ts'
import { Publisher } from './view/publisher.ts'
import type { Equal, Readable } from './view/readable.ts'
import { frameScheduler, type Scheduler } from './view/scheduler.ts'
import { type ChatSnapshot, type ChatStatus, readSnapshot, statusOf } from './view/snapshot.ts'

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

/**
 * A chat without a framework. Allocates only: nothing runs before the first command or `attach`.
 * Throws `ChatError` `misuse` for initial messages that cannot be a transcript, and for two tools of one name.
 *
 * @example
 * const chat = createChat({ connection: fetchServerSentEvents('/api/chat') })
 * const { outcome, message } = await chat.sendMessage('Hello!')
 */
export function createChat<const Tools extends readonly ChatTool[] = readonly ChatTool[], Output extends Schema = Schema, State = unknown>(
  options: ChatOptions<Tools, Output, State>,
): Chat<TypesFrom<Tools, Output, State>> {
  return makeChat(options as unknown as ChatOptions) as unknown as Chat<TypesFrom<Tools, Output, State>>
}

const ACTOR = Symbol('actor')

/** Of all chats: an object with an accessor of its own is kept as a hash table, which is 2 kB more. */
const WITH_ACTOR = {
  get actor(): Chat['actor'] {
    return (this as unknown as Record<typeof ACTOR, () => Chat['actor']>)[ACTOR]()
  },
}

function makeChat(options: ChatOptions): Chat {
  const { clock, scheduler = frameScheduler, inspect, persist, tabs, ...input } = options
  const kept = persist?.open(input, clock)
  const host = kept?.host ?? new ChatHost(input)
  /** For what commands name; the machine names what it makes with the host's own, which others may replace. */
  const { generateId } = host
  const publisher = new Publisher(scheduler, isolate)
  let actor: ActorRefFrom<typeof chatMachine> | null = null
  let tab: OpenTab | undefined
  let isDisposed = false
  let holders = 0
  let release: ReturnType<typeof setTimeout> | undefined
  let last: ChatSnapshot | null = null
  let seen: Pick<ChatSnapshot, 'status' | 'phase' | 'error' | 'queue'> | null = null

  const snapshot = publisher.readable(() => (last = readSnapshot(actor?.getSnapshot() ?? null, host, last)))
  const select = <T>(selector: (snapshot: ChatSnapshot) => T, equal?: Equal<T>) => publisher.readable(() => selector(snapshot.get()), equal)
  let messageReadables: Map<string, Readable<UIMessage | undefined>> | undefined

  function message(id: string): Readable<UIMessage | undefined> {
    const readables = (messageReadables ??= new Map())
    const known = readables.get(id)
    if (known) return known
    const { get, subscribe } = publisher.readable(() => host.transcript.get(id))
    const readable: Readable<UIMessage | undefined> = {
      get,
      subscribe(onChange) {
        const end = subscribe(onChange)
        return () => {
          end()
          if (!host.transcript.get(id)) readables.delete(id)
        }
      },
    }
    readables.set(id, readable)
    return readable
  }

  function start(): ActorRefFrom<typeof chatMachine> {
    if (actor) return actor
    const started = createActor(chatMachine, {
      input: { host },
      id: `chat:${host.threadId}`,
      ...(inspect && { inspect: tellInspector(typeof inspect === 'function' ? inspect : (event) => inspect.next?.(event)) }),
      ...(clock && { clock: clock as never }),
    })
    actor = started
    kept?.watch(started)
    tab = tabs?.open(started)
    started.subscribe({ next: onTransition, error: (cause) => isolate(() => raise(cause)) })
    // While the first request is on its way, or the first message is being typed.
    if (!isLoaded() && needsMore(host.options)) void loadMore().catch(() => {})
    return started.start()
  }

  /** Streamed content may wait for the next frame; any other change is shown at once. */
  function onTransition({ value, context: { error, queue } }: SnapshotFrom<typeof chatMachine>) {
    const now = { ...statusOf(value), error, queue }
    const isContent = seen?.status === now.status && seen.phase === now.phase && seen.error === error && seen.queue === queue
    seen = now
    publisher.invalidate(isContent ? 'soon' : 'now')
  }

  function refuseIfDisposed(what: string) {
    if (isDisposed)
      throw new ChatError('misuse', `The chat ${host.threadId} was disposed of; ${what} came too late. Create a new chat, or retain this one.`)
  }

  function send(event: ChatEvent) {
    refuseIfDisposed(event.type)
    start().send(event)
    publisher.flush()
  }

  /** Sends the answer to a call or a question; at once, but for a chat that was never shown and lacks the code for it. */
  function giveAnswer(event: ChatEvent): void | Promise<void> {
    refuseIfDisposed(event.type)
    if (isLoaded()) return send(event)
    return loadMore().then(() => {
      if (!isDisposed) send(event)
    })
  }

  /** Sends a command that begins a turn, and waits for the end of that turn. */
  async function take(turnId: string, event: ChatEvent): Promise<TurnResult> {
    if (!isDisposed && !start().getSnapshot().can(event)) {
      host.warn({ code: 'ignored_event', message: `${event.type} has nothing to work on while the chat is ${snapshot.get().status}.`, seen: event })
      return { outcome: 'dropped' }
    }
    const turn = host.turn(turnId)
    send(event)
    return turn
  }

  async function sendUser(message: UIMessage, sendOptions: SendOptions = {}): Promise<TurnResult> {
    checkMessages([message])
    refuseKnownId(message.id)
    return take(message.id, { type: 'user.send', turnId: message.id, message, options: sendOptions })
  }

  function refuseKnownId(id: string) {
    const isQueued = snapshot.get().queue.some((item) => item.id === id)
    if (isQueued || host.transcript.get(id))
      throw new ChatError('misuse', `There is a message with the id ${JSON.stringify(id)} already; ids are unique.`)
  }

  function dispose() {
    if (isDisposed) return
    isDisposed = true
    kept?.close()
    clearTimeout(release)
    publisher.cancel()
    host.transcript.endRun('stopped')
    for (const { id } of actor?.getSnapshot().context.queue ?? []) host.settle(id, { outcome: 'dropped' })
    actor?.stop()
    actor = null
    tab?.close()
    host.close()
    publisher.invalidate('now')
  }

  const chat: Omit<Chat, 'actor'> & Record<typeof ACTOR, () => Chat['actor']> = {
    threadId: host.threadId,
    [ACTOR]() {
      refuseIfDisposed('chat.actor')
      return start()
    },
    snapshot,
    messages: select(({ messages }) => messages),
    status: select(({ status }) => status),
    error: select(({ error }) => error),
    message,
    select,
    getSnapshot: snapshot.get,
    subscribe: snapshot.subscribe,

    sendMessage: async (content, sendOptions) => sendUser(toUserMessage(content, generateId), sendOptions),
    append: async (appended, sendOptions) => sendUser(appended, sendOptions),
    async reload(messageId, sendOptions = {}) {
      const turnId = generateId()
      return take(turnId, { type: 'user.reload', turnId, messageId, options: sendOptions })
    },
    async edit(messageId, content, sendOptions = {}) {
      const edited = toUserMessage(content, generateId)
      refuseKnownId(edited.id)
      return take(edited.id, { type: 'user.edit', turnId: edited.id, messageId, message: edited, options: sendOptions })
    },
    async retry() {
      const turnId = generateId()
      return take(turnId, { type: 'user.retry', turnId })
    },
    stop() {
      send({ type: 'user.stop' })
      return host.cancelled()
    },
    clear: () => send({ type: 'user.clear' }),
    setMessages(next) {
      const messages = typeof next === 'function' ? next(host.transcript.messages()) : next
      checkMessages(messages)
      send({ type: 'user.setMessages', messages })
    },
    addToolResult(answer) {
      const name = host.transcript.call(answer.toolCallId)?.name
      if (answer.tool !== undefined && name !== undefined && name !== answer.tool)
        throw new ChatError('misuse', `The call ${answer.toolCallId} is one of ${name}, not of ${answer.tool}; nothing was recorded.`)
      void giveAnswer({ type: 'tool.result', result: toResult(answer), output: answer.output })
    },
    async approve(id, { editedInput } = {}) {
      const call = host.transcript.approvalOf(id)
      const schema = host.options.tools?.find(({ name }) => name === call?.name)?.inputSchema
      if (editedInput !== undefined && schema) await (await answering.load()).accept(schema, editedInput, `the edited input of ${call?.name}`)
      await giveAnswer({ type: 'tool.approval', toolCallId: call?.id ?? id, approved: true, ...(editedInput !== undefined && { editedInput }) })
    },
    deny: (id, reason) => void giveAnswer({ type: 'tool.approval', toolCallId: host.transcript.approvalOf(id)?.id ?? id, approved: false, reason }),
    async resolveInterrupt(id, payload) {
      const schema = host.transcript.interrupt(id)?.responseSchema
      if (schema) await (await answering.load()).accept(schema, payload, `the answer to the interrupt ${id}`)
      await giveAnswer({ type: 'interrupt.answer', id, status: 'resolved', payload })
    },
    cancelInterrupt: (id) => void giveAnswer({ type: 'interrupt.answer', id, status: 'cancelled' }),
    setState: (next) => send({ type: 'user.setState', state: typeof next === 'function' ? next(host.transcript.state()) : next }),
    branches: (id) => host.transcript.branches(id),
    selectBranch: (messageId) => send({ type: 'user.selectBranch', messageId }),
    unqueue: (id) => send({ type: 'user.unqueue', id }),
    resumeQueue: () => send({ type: 'user.resumeQueue' }),

    updateOptions(next) {
      requireUniqueNames(next.tools ?? [])
      host.options = { ...host.options, ...next }
    },
    listen(callbacks) {
      const listener = { ...callbacks }
      host.listeners = [...host.listeners, listener]
      return () => void (host.listeners = host.listeners.filter((each) => each !== listener))
    },
    attach() {
      isDisposed = false
      host.stay()
      send({ type: 'view.attach' })
    },
    detach() {
      actor?.send({ type: 'view.detach' })
    },
    retain() {
      isDisposed = false
      host.stay()
      holders++
      let isHeld = true
      return () => {
        if (!isHeld) return
        isHeld = false
        // Later, because a remount (StrictMode, hot reload, a route change) retains it again at once.
        if (--holders > 0) return
        host.leave()
        release = setTimeout(() => holders === 0 && dispose())
      }
    },
    dispose,
  }
  return Object.setPrototypeOf(chat, WITH_ACTOR) as Chat
}

function raise(cause: unknown): never {
  throw cause
}
