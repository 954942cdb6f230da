import { createActor, type ActorRefFrom, type SnapshotFrom } from 'xstate'
import type { Chat, ChatOptions } from './chat.ts'
import { ChatError } from './errors.ts'
import { toUserMessage } from './message-input.ts'
import { answering, isLoaded, needsMore, loadMore } from './session/answering.ts'
import type { ChatEvent, SendOptions } from './session/events.ts'
import { ChatHost, isolate, type TurnResult } from './session/host.ts'
import { chatMachine } from './session/machine.ts'
import type { TypesFrom } from './session/options.ts'
import { tellInspector } from './session/tell-inspector.ts'
import { toResult } from './tool-answer.ts'
import type { Schema } from './tool/schema.ts'
import { requireUniqueNames } from './tool/tool-definition.ts'
import type { OpenTab } from './tabs/tabs.ts'
import type { ChatTool } from './tool/tool.ts'
import { checkMessages } from './transcript/check-messages.ts'
import type { UIMessage } from './transcript/message.ts'
import { Publisher } from './view/publisher.ts'
import type { Equal, Readable } from './view/readable.ts'
import { frameScheduler } from './view/scheduler.ts'
import { type ChatSnapshot, readSnapshot, statusOf } from './view/snapshot.ts'

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

/** Of all chats: an object with an accessor of its own is kept as a hash table, which is 1.4 kB more. */
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
  /** All that was shown at once when it changed. */
  let seen: unknown[] = []

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
    const { status, phase } = statusOf(value)
    const now = [status, phase, error, queue]
    const isContent = now.every((each, i) => each === seen[i])
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
