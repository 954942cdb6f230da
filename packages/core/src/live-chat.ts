import { createActor, type ActorRefFrom, type SnapshotFrom } from 'xstate'
import type { Chat, ChatOptions } from './chat.ts'
import { ChatError } from './errors.ts'
import { toUserMessage } from './message-input.ts'
import { answering, isLoaded, needsMore, loadMore } from './session/answering.ts'
import { checkOptions } from './session/check-options.ts'
import type { ChatEvent, SendOptions } from './session/events.ts'
import { ChatHost, isolate, type TurnResult } from './session/host.ts'
import { chatMachine } from './session/machine.ts'
import { tellInspector } from './session/tell-inspector.ts'
import { toResult } from './tool-answer.ts'
import type { Kept } from './persist/persistence.ts'
import type { OpenTab } from './tabs/tabs.ts'
import { checkMessages } from './transcript/check-messages.ts'
import type { UIMessage } from './transcript/message.ts'
import { Publisher } from './view/publisher.ts'
import type { Readable } from './view/readable.ts'
import { frameScheduler } from './view/scheduler.ts'
import { type ChatSnapshot, readSnapshot, statusOf } from './view/snapshot.ts'

type Actor = ActorRefFrom<typeof chatMachine>
type Machine = SnapshotFrom<typeof chatMachine>

const SELF = Symbol('self')

/** What `createChat` makes, without the types of its tools. What is public is bound, so that it can be taken off the chat. */
export class LiveChat implements Chat {
  readonly #clock: ChatOptions['clock']
  readonly #inspect: ChatOptions['inspect']
  readonly #tabs: ChatOptions['tabs']
  readonly #kept: Kept | undefined
  readonly #host: ChatHost
  /** For what commands name; the machine names what it makes with the host's own, which others may replace. */
  readonly #generateId: () => string
  readonly #publisher: Publisher
  #actor: Actor | null = null
  /** The machine as it was last. It is all that is kept of it while it {@link #rest}s. */
  #machine: Machine | null = null
  /** Somebody else has the actor, or hears of it. */
  #isActorShared: boolean
  #tab: OpenTab | undefined
  #isDisposed = false
  #holders = 0
  #release: ReturnType<typeof setTimeout> | undefined
  #last: ChatSnapshot | null = null
  /** All that was shown at once when it changed. */
  #seen: readonly unknown[] = NOTHING
  #messages: Chat['messages'] | undefined
  #status: Chat['status'] | undefined
  #error: Chat['error'] | undefined
  #ofMessages: Map<string, Readable<UIMessage | undefined>> | undefined

  readonly threadId: string
  readonly snapshot: Chat['snapshot']
  readonly getSnapshot: Chat['getSnapshot']
  readonly subscribe: Chat['subscribe']

  constructor({ clock, scheduler = frameScheduler, inspect, persist, tabs, ...input }: ChatOptions) {
    this.#clock = clock
    this.#inspect = inspect
    this.#tabs = tabs
    this.#isActorShared = (inspect ?? persist ?? tabs) !== undefined
    this.#kept = persist?.open(input, clock)
    this.#host = this.#kept?.host ?? new ChatHost(input)
    this.#generateId = this.#host.generateId
    this.#publisher = new Publisher(scheduler, isolate)
    this.threadId = this.#host.threadId
    this.snapshot = this.#publisher.readable(() => (this.#last = readSnapshot(this.#machine, this.#host, this.#last)))
    this.getSnapshot = this.snapshot.get
    this.subscribe = this.snapshot.subscribe
  }

  /** Accessors are called on what they are read from, and that may be a proxy, which has no private fields (Vue's `reactive`). */
  readonly [SELF] = (): LiveChat => this
  get actor(): Actor {
    const chat = this[SELF]()
    chat.#refuseIfDisposed('chat.actor')
    chat.#isActorShared = true
    return chat.#start()
  }
  get messages(): Chat['messages'] {
    const chat = this[SELF]()
    return (chat.#messages ??= chat.select(({ messages }) => messages))
  }
  get status(): Chat['status'] {
    const chat = this[SELF]()
    return (chat.#status ??= chat.select(({ status }) => status))
  }
  get error(): Chat['error'] {
    const chat = this[SELF]()
    return (chat.#error ??= chat.select(({ error }) => error))
  }

  readonly select: Chat['select'] = (selector, equal) => this.#publisher.readable(selector, equal, this.snapshot)
  readonly message: Chat['message'] = (id) => {
    const readables = (this.#ofMessages ??= new Map())
    const known = readables.get(id)
    if (known) return known
    const { get, subscribe } = this.#publisher.readable(() => this.#host.transcript.get(id))
    const readable: Readable<UIMessage | undefined> = {
      get,
      subscribe: (onChange) => {
        const end = subscribe(onChange)
        return () => {
          end()
          if (!this.#host.transcript.get(id)) readables.delete(id)
        }
      },
    }
    readables.set(id, readable)
    return readable
  }

  readonly sendMessage: Chat['sendMessage'] = async (content, options) => this.#sendUser(toUserMessage(content, this.#generateId), options)
  readonly append: Chat['append'] = async (message, options) => this.#sendUser(message, options)
  readonly reload: Chat['reload'] = async (messageId, options = {}) => {
    const turnId = this.#generateId()
    return this.#take(turnId, { type: 'user.reload', turnId, messageId, options })
  }
  readonly edit: Chat['edit'] = async (messageId, content, options = {}) => {
    const message = toUserMessage(content, this.#generateId)
    this.#refuseKnownId(message.id)
    return this.#take(message.id, { type: 'user.edit', turnId: message.id, messageId, message, options })
  }
  readonly retry: Chat['retry'] = async () => {
    const turnId = this.#generateId()
    return this.#take(turnId, { type: 'user.retry', turnId })
  }
  readonly stop: Chat['stop'] = () => {
    this.#send({ type: 'user.stop' })
    return this.#host.cancelled()
  }
  readonly clear: Chat['clear'] = () => this.#send({ type: 'user.clear' })
  readonly setMessages: Chat['setMessages'] = (next) => {
    const messages = typeof next === 'function' ? next(this.#host.transcript.messages()) : next
    checkMessages(messages)
    this.#send({ type: 'user.setMessages', messages })
  }
  readonly addToolResult: Chat['addToolResult'] = (answer) => {
    const name = this.#host.transcript.call(answer.toolCallId)?.name
    if (answer.tool !== undefined && name !== undefined && name !== answer.tool)
      throw new ChatError('misuse', `The call ${answer.toolCallId} is one of ${name}, not of ${answer.tool}; nothing was recorded.`)
    void this.#answer({ type: 'tool.result', result: toResult(answer), output: answer.output })
  }
  readonly approve: Chat['approve'] = async (id, { editedInput } = {}) => {
    const call = this.#host.transcript.approvalOf(id)
    const schema = this.#host.options.tools?.find(({ name }) => name === call?.name)?.inputSchema
    if (editedInput !== undefined && schema) await (await answering.load()).accept(schema, editedInput, `the edited input of ${call?.name}`)
    await this.#answer({ type: 'tool.approval', toolCallId: call?.id ?? id, approved: true, ...(editedInput !== undefined && { editedInput }) })
  }
  readonly deny: Chat['deny'] = (id, reason) =>
    void this.#answer({ type: 'tool.approval', toolCallId: this.#host.transcript.approvalOf(id)?.id ?? id, approved: false, reason })
  readonly resolveInterrupt: Chat['resolveInterrupt'] = async (id, payload) => {
    const schema = this.#host.transcript.interrupt(id)?.responseSchema
    if (schema) await (await answering.load()).accept(schema, payload, `the answer to the interrupt ${id}`)
    await this.#answer({ type: 'interrupt.answer', id, status: 'resolved', payload })
  }
  readonly cancelInterrupt: Chat['cancelInterrupt'] = (id) => void this.#answer({ type: 'interrupt.answer', id, status: 'cancelled' })
  readonly setState: Chat['setState'] = (next) =>
    this.#send({ type: 'user.setState', state: typeof next === 'function' ? next(this.#host.transcript.state()) : next })
  readonly branches: Chat['branches'] = (id) => this.#host.transcript.branches(id)
  readonly selectBranch: Chat['selectBranch'] = (messageId) => this.#send({ type: 'user.selectBranch', messageId })
  readonly unqueue: Chat['unqueue'] = (id) => this.#send({ type: 'user.unqueue', id })
  readonly resumeQueue: Chat['resumeQueue'] = () => this.#send({ type: 'user.resumeQueue' })

  readonly updateOptions: Chat['updateOptions'] = (next) => {
    const options = { ...this.#host.options, ...next }
    checkOptions(options)
    this.#host.options = options
  }
  readonly listen: Chat['listen'] = (callbacks) => {
    const host = this.#host
    const listener = { ...callbacks }
    host.listeners = [...host.listeners, listener]
    return () => void (host.listeners = host.listeners.filter((each) => each !== listener))
  }
  readonly attach: Chat['attach'] = () => {
    this.#isDisposed = false
    this.#host.stay()
    this.#send({ type: 'view.attach' })
  }
  readonly detach: Chat['detach'] = () => this.#actor?.send({ type: 'view.detach' })
  readonly retain: Chat['retain'] = () => {
    this.#isDisposed = false
    this.#host.stay()
    this.#holders++
    let isHeld = true
    return () => {
      if (!isHeld) return
      isHeld = false
      // Later, because a remount (StrictMode, hot reload, a route change) retains it again at once.
      if (--this.#holders > 0) return
      this.#host.leave()
      this.#release = setTimeout(() => this.#holders === 0 && this.dispose())
    }
  }
  readonly dispose: Chat['dispose'] = () => {
    if (this.#isDisposed) return
    const host = this.#host
    this.#isDisposed = true
    this.#kept?.close()
    clearTimeout(this.#release)
    this.#publisher.cancel()
    host.transcript.endRun('stopped')
    for (const { id } of this.#machine?.context.queue ?? []) host.settle(id, { outcome: 'dropped' })
    this.#actor?.stop()
    this.#actor = this.#machine = null
    this.#tab?.close()
    host.close()
    this.#publisher.invalidate('now')
  }

  #start(): Actor {
    if (this.#actor) return this.#actor
    const host = this.#host
    const clock = this.#clock
    const inspect = this.#inspect
    const started = createActor(chatMachine, {
      input: { ...this.#machine?.context, host },
      id: `chat:${this.threadId}`,
      ...(inspect && { inspect: tellInspector(typeof inspect === 'function' ? inspect : (event) => inspect.next?.(event)) }),
      ...(clock && { clock: clock as never }),
    })
    this.#actor = started
    this.#kept?.watch(started)
    this.#tab = this.#tabs?.open(started)
    started.subscribe({ next: (snapshot) => this.#onTransition(snapshot), error: (cause) => isolate(() => raise(cause)) })
    // While the first request is on its way, or the first message is being typed.
    if (!isLoaded() && needsMore(host.options)) void loadMore().catch(() => {})
    return started.start()
  }
  /** Streamed content may wait for the next frame; any other change is shown at once. */
  #onTransition(machine: Machine): void {
    this.#machine = machine
    const { error, queue } = machine.context
    const { status, phase } = statusOf(machine.value)
    const now = [status, phase, error, queue]
    const isContent = now.every((each, i) => each === this.#seen[i])
    this.#seen = now
    this.#publisher.invalidate(isContent ? 'soon' : 'now')
    if (this.#mayRest()) this.#host.defer(() => this.#rest())
  }
  /** Whether a new actor would be where this one is. */
  #mayRest(): boolean {
    const machine = this.#machine
    return !this.#isActorShared && machine !== null && machine.context.views === 0 && machine.matches({ idle: 'ready' })
  }
  /** Between two turns that nobody looks at a chat has no actor: that and its system are 5 kB, and the rest is less than 8. */
  #rest(): void {
    if (!this.#mayRest()) return
    this.#actor?.stop()
    this.#actor = null
  }
  #refuseIfDisposed(what: string): void {
    if (this.#isDisposed)
      throw new ChatError('misuse', `The chat ${this.threadId} was disposed of; ${what} came too late. Create a new chat, or retain this one.`)
  }
  #refuseKnownId(id: string): void {
    const isQueued = this.snapshot.get().queue.some((item) => item.id === id)
    if (isQueued || this.#host.transcript.get(id))
      throw new ChatError('misuse', `There is a message with the id ${JSON.stringify(id)} already; ids are unique.`)
  }
  #send(event: ChatEvent): void {
    this.#refuseIfDisposed(event.type)
    this.#start().send(event)
    this.#publisher.flush()
  }
  /** Sends the answer to a call or a question; at once, but for a chat that was never shown and lacks the code for it. */
  #answer(event: ChatEvent): void | Promise<void> {
    this.#refuseIfDisposed(event.type)
    if (isLoaded()) return this.#send(event)
    return loadMore().then(() => {
      if (!this.#isDisposed) this.#send(event)
    })
  }
  /** Sends a command that begins a turn, and waits for the end of that turn. */
  async #take(turnId: string, event: ChatEvent): Promise<TurnResult> {
    const host = this.#host
    if (!this.#isDisposed && !this.#start().getSnapshot().can(event)) {
      host.warn({ code: 'ignored_event', message: `${event.type} has nothing to work on while the chat is ${this.status.get()}.`, seen: event })
      return { outcome: 'dropped' }
    }
    const turn = host.turn(turnId)
    this.#send(event)
    return turn
  }
  #sendUser(message: UIMessage, options: SendOptions = {}): Promise<TurnResult> {
    checkMessages([message])
    this.#refuseKnownId(message.id)
    return this.#take(message.id, { type: 'user.send', turnId: message.id, message, options })
  }
}

const NOTHING: readonly unknown[] = []

function raise(cause: unknown): never {
  throw cause
}
