import type { Chat } from '../chat.ts'
import type { ChatEvent, FollowedRun, ThreadEvent } from '../session/events.ts'
import { answering, isLoaded } from '../session/answering.ts'
import type { UIMessage } from '../transcript/message.ts'
import { isLater, type SharedEvent, type TabMessage, type Thread, type Version } from './tab-message.ts'

/** The conversation of this tab, and what it takes over of the others'. */
export interface ThreadView {
  /** Which state of the conversation this is. */
  version(): Version
  /** It is changed here, which counts more than what was said before. */
  advance(): Version
  thread(): Thread
  /** A run is open, or looked for. */
  isInRun(): boolean
  /** What is happening was told by another tab. */
  isTold(): boolean
  isOwed(event: SharedEvent): boolean
  /** Whether there is something newer in it than here. */
  isNews(said: Version): boolean
  /** Another tab has a run open. */
  follow(message: Extract<TabMessage, { type: 'run' }>): void
  hear(message: Extract<TabMessage, { type: 'thread' }>): void
  /** Another tab has an answer. */
  share(event: SharedEvent): void
  send(event: ChatEvent): void
  /** Gives the machine what it could not take before. */
  offer(): void
}

/** `isBegun`: whether the request of this run of the chat is out, here or in another tab. */
export function createThreadView(actor: Chat['actor'], me: string, isBegun: (runId: string | null) => boolean): ThreadView {
  const { host } = actor.getSnapshot().context
  const { transcript } = host
  let version: Version = { count: 0, author: '' }
  let pending: { event: Omit<ThreadEvent, 'messages'>; thread: Thread; version: Version } | null = null
  let answers: SharedEvent[] = []
  let isTold = false

  function send(event: ChatEvent) {
    isTold = true
    try {
      actor.send(event)
    } finally {
      isTold = false
    }
  }

  const thread = (): Thread => ({ messages: transcript.all(), head: transcript.head(), state: transcript.state() })

  /** Messages that are the same here keep their identity; null: all of them are. */
  function known({ messages, head, state }: Thread): readonly UIMessage[] | null {
    const kept = messages.map((message) => {
      const mine = transcript.get(message.id)
      return mine && isSame(mine, message) ? mine : message
    })
    const isAll = kept.length === transcript.all().length && kept.every((message) => message === transcript.get(message.id))
    return isAll && head === transcript.head() && isSame(state, transcript.state()) ? null : kept
  }

  function isInRun() {
    const snapshot = actor.getSnapshot()
    return (
      snapshot.matches({ running: 'streaming' }) || snapshot.matches({ running: { 'tool-calling': 'remote' } }) || snapshot.matches(JOINING as never)
    )
  }

  function isOwed(event: SharedEvent): boolean {
    const { context } = actor.getSnapshot()
    // As the machine asks: what it refused would be lost.
    const more = isLoaded() ? answering.get() : undefined
    if (!more) return false
    switch (event.type) {
      case 'tool.approval':
        return more.waitsForApproval(context, event.toolCallId)
      case 'interrupt.answer':
        return more.waitsForAnswer(context, event.id)
      default:
        return more.waitsForResult(context, event.type === 'tool.result' ? event.result.toolCallId : event.toolCallId)
    }
  }

  /** What a tab that has just come is told does not disturb what it has begun. */
  function canTake({ event }: NonNullable<typeof pending>): boolean {
    const snapshot = actor.getSnapshot()
    if (event.run !== null || event.why !== 'told') return snapshot.can({ ...event, messages: null })
    if (snapshot.matches({ running: { streaming: 'connecting' } })) return !isBegun(snapshot.context.runId)
    return !snapshot.hasTag('busy') && snapshot.can({ ...event, messages: null }) && !isInRun()
  }

  function offer() {
    if (actor.getSnapshot().status !== 'active') return
    if (pending && canTake(pending)) {
      const { event, thread: theirs } = pending
      version = pending.version
      pending = null
      answers = []
      const messages = known(theirs)
      const isQuiet = !actor.getSnapshot().hasTag('busy') && !isInRun()
      if (messages !== null || event.run !== null || !isQuiet) send({ ...event, messages })
    }
    const waiting = answers
    answers = []
    for (const event of waiting)
      if (isOwed(event)) send(event)
      else answers.push(event)
  }

  function take({ version: said, thread: theirs }: { version: Version; thread: Thread }, run: FollowedRun | null, why: ThreadEvent['why']) {
    const { head, state } = theirs
    pending = { event: { type: 'thread.changed', head, state, run, why }, thread: theirs, version: said }
    offer()
  }

  return {
    version: () => version,
    advance() {
      const count = Math.max(version.count, pending?.version.count ?? 0) + 1
      pending = null
      return (version = { count, author: me })
    },
    thread,
    isNews: (said) => isLater(said, version) && !(pending && isLater(pending.version, said)),
    isInRun,
    isTold: () => isTold,
    isOwed,
    follow: (message) => take(message, message.run, 'told'),
    hear: (message) => take(message, null, message.why),
    share(event) {
      answers.push(event)
      offer()
    },
    send,
    offer,
  }
}

const JOINING = { idle: { restoring: 'joining' } }

/** As data. */
const isSame = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b)
