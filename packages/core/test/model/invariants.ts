import type { MessagePart, UIMessage } from '../../src/transcript/message.ts'
import type { ChatSnapshot } from '../../src/view/snapshot.ts'
import type { World } from '../random-world.ts'
import type { Step } from './schedule.ts'
import { STORED_CALL, wasStored } from './stored.ts'

/** What a schedule remembers of its earlier steps. */
export interface Memory {
  step: Step | 'dispose'
  before: ChatSnapshot
  /** A callback may have called any command, now or in a step before. */
  isMeddled: boolean
  /** Messages that nothing may touch any more, by their ids. */
  readonly done: Map<string, UIMessage>
}

/** Says what is wrong, or nothing. */
type Invariant = (world: World, memory: Memory) => string | undefined

const isOpen = (part: MessagePart) =>
  part.type === 'text' || part.type === 'thinking'
    ? part.state === 'streaming'
    : part.type === 'tool-call'
      ? OPEN_CALL.has(part.state)
      : part.type === 'interrupt' && part.state === 'open'

/** `input-complete` alone may stay: a call of the server that it never answered. */
const OPEN_CALL: ReadonlySet<string> = new Set(['awaiting-input', 'input-streaming', 'approval-requested', 'executing'])

/** Commands that show another path, or other messages. */
const MOVING: ReadonlySet<string> = new Set(['clear', 'setMessages', 'select', 'reload', 'reloadFirst', 'edit', 'editFirst', 'retry', 'load'])

const STATUSES: ReadonlySet<string> = new Set(['idle', 'streaming', 'tool-calling', 'error', 'stopped'])

const textOf = (parts: readonly MessagePart[]) => parts.map((part) => (part.type === 'text' ? part.content : '')).join('')
/** What was stored open may stay so until somebody shows the chat. */
const openIn = (messages: readonly UIMessage[]) => messages.filter((message) => !wasStored(message)).flatMap(({ parts }) => parts.filter(isOpen))
const openRuns = ({ runs }: World) => runs.filter(({ signal }) => !signal.aborted).length
const contextOf = ({ chat }: World) => chat.actor.getSnapshot().context
const isSame = (a: ChatSnapshot, b: ChatSnapshot) => (Object.keys(b) as (keyof ChatSnapshot)[]).every((key) => Object.is(a[key], b[key]))

/** The invariants of `state-machine.md`: they hold after every step, whatever it was. */
export const invariants: Readonly<Record<string, Invariant>> = {
  'at most one connection is open, and none without a turn'(world) {
    const open = openRuns(world)
    const { isLoading, status, phase } = world.chat.getSnapshot()
    return open > (isLoading || phase === 'restoring' ? 1 : 0) ? `${open} are open while the chat is ${status}` : undefined
  },
  'the status is one of five, and isLoading and the error agree with it'({ chat }) {
    const { status, isLoading, error } = chat.getSnapshot()
    const isBusy = status === 'streaming' || status === 'tool-calling'
    if (
      STATUSES.has(status) &&
      isLoading === isBusy &&
      isBusy === chat.actor.getSnapshot().hasTag('busy') &&
      (error !== null) === (status === 'error')
    )
      return undefined
    return `status ${status}, isLoading ${isLoading}, error ${error?.code}`
  },
  'the text of a run is what was delivered to it'(world) {
    const { runId, host, error } = contextOf(world)
    const message = host.transcript.runMessage()
    // After the last step that was allowed, the run that is not made has its place in the message already.
    if (runId === null || error?.code === 'max_steps' || (!message && !world.chat.getSnapshot().isLoading)) return undefined
    const text = textOf(message?.parts.slice(host.transcript.runStart()) ?? [])
    const delivered = world.delivered.get(runId) ?? ''
    return text === delivered ? undefined : `${JSON.stringify(text)} instead of ${JSON.stringify(delivered)}`
  },
  'every text is shown once, and none that came after the abort'({ chat }) {
    const shown = chat.getSnapshot().messages.flatMap(({ role, parts }) => (role === 'assistant' ? textOf(parts) : []))
    const tokens: string[] = shown.join(' ').match(/t\d+ |LATE/g) ?? []
    return tokens.length === new Set(tokens).size && !tokens.includes('LATE') ? undefined : shown.join('|')
  },
  'the arguments of a call are what was delivered to it'(world) {
    const { deliveredArguments } = world
    // Not the snapshot's: that may wait for a frame.
    const { transcript } = contextOf(world).host
    const calls = transcript.messages().flatMap(({ parts }) => parts.filter((part) => part.type === 'tool-call'))
    const other = calls.find(
      ({ id, arguments: args, approval }) => !approval?.isEdited && deliveredArguments.has(id) && deliveredArguments.get(id) !== args,
    )
    return other && `${other.id} has ${other.arguments} instead of ${deliveredArguments.get(other.id)}`
  },
  'no question of a person vanishes but by a command that replaces messages'({ chat }, { before, step, isMeddled }) {
    if (isMeddled || MOVING.has(step)) return undefined
    const now = new Set(chat.getSnapshot().messages.map(({ id }) => id))
    return before.messages.find(({ id, role }) => role === 'user' && !now.has(id))?.id
  },
  'ids are unique'({ chat }) {
    const { messages, queue } = chat.getSnapshot()
    const ids = [...messages, ...queue].map(({ id }) => id)
    return new Set(ids).size === ids.length ? undefined : ids.join(' ')
  },
  'no message is empty': ({ chat }) => chat.getSnapshot().messages.find(({ parts }) => parts.length === 0)?.id,
  'a finished message keeps its identity'({ chat }, { done }) {
    const { messages, isLoading, phase } = chat.getSnapshot()
    const touched = messages.find((message) => done.has(message.id) && done.get(message.id) !== message)
    // What is being written, or may be written anew by a run that was going on already.
    const isWritten = isLoading || phase === 'restoring'
    for (const message of isWritten ? messages.slice(0, -1) : messages)
      if (message.role === 'user' || message.parts.every(({ type }) => type === 'text')) done.set(message.id, message)
    if (phase === 'restoring') done.delete(messages.at(-1)?.id ?? '')
    return touched?.id
  },
  'no part is open outside running'({ chat }) {
    const { messages, isLoading, status } = chat.getSnapshot()
    const open = isLoading ? [] : openIn(messages)
    return open.length === 0 ? undefined : `${open.map(({ type }) => type).join(', ')} while the chat is ${status}`
  },
  'a tool is executed once for a call, and only while its calls are owed'({ chat, executed, working }) {
    const twice = [...executed].find(([, times]) => times > 1)
    if (twice) return `${twice[0]} was executed ${twice[1]} times`
    const left = chat.getSnapshot().phase === 'local' ? [] : working.filter(({ signal }) => !signal.aborted)
    return left.length === 0 ? undefined : `${left.length} at work while the chat is ${chat.getSnapshot().status}`
  },
  'a call that was stored with its result is not executed': ({ executed }) => (executed.has(STORED_CALL) ? STORED_CALL : undefined),
  'promises of commands settle with the truth'({ promises, endings }) {
    const liar = promises.find(({ turnId, outcome }) => outcome !== null && outcome !== (endings.of.get(turnId) ?? 'dropped'))
    return liar && `${liar.turnId}: ${liar.outcome}, but the turn ${endings.of.get(liar.turnId) ?? 'never was'}`
  },
  'a promise waits for a turn in flight or in the queue, and for nothing else'({ chat, promises, endings }) {
    const { queue } = chat.getSnapshot()
    const isDue = (turnId: string) => queue.some(({ id }) => id === turnId) || (endings.begun.at(-1) === turnId && !endings.of.has(turnId))
    return promises.find(({ turnId, outcome }) => outcome === null && !isDue(turnId))?.turnId
  },
  'onFinish is called once for each turn that finished': ({ finished, endings }) =>
    finished === endings.answered ? undefined : `${finished} calls for ${endings.answered} turns`,
  'the snapshot is the same object until something changes'({ chat, notified }, { before }) {
    const now = chat.getSnapshot()
    if (now !== chat.getSnapshot()) return 'two in a row differ'
    const seen = [before, ...notified.splice(0), now]
    return seen.some((one, i) => i > 0 && one !== seen[i - 1] && isSame(one, seen[i - 1]!)) ? 'another one with the same in it' : undefined
  },
  'the queue keeps its order'({ chat, endings }, { before }) {
    const { queue } = chat.getSnapshot()
    const ids = queue.map(({ id }) => id)
    const places = before.queue.map(({ id }) => ids.indexOf(id))
    const stayed = places.filter((place) => place >= 0)
    const overtaken = before.queue.findIndex(({ id }) => ids.includes(id))
    const overtook = before.queue.findLastIndex(({ id }) => endings.begun.includes(id) && !ids.includes(id))
    if (stayed.some((place, i) => place !== i)) return `${before.queue.map(({ id }) => id).join(' ')} became ${ids.join(' ')}`
    return overtaken >= 0 && overtook > overtaken ? `${before.queue[overtook]!.id} came before ${before.queue[overtaken]!.id}` : undefined
  },
  'a run that was stopped is cancelled on its server, once, if it goes on there, and no other is'({ cancelled, cancels: { due } }) {
    return cancelled.join(' ') === due.join(' ') ? undefined : `${cancelled.join(' ') || 'none'} instead of ${due.join(' ') || 'none'}`
  },
  'the network is watched only while one waits to reconnect'({ chat, network }) {
    const due = chat.getSnapshot().phase === 'reconnecting' ? 1 : 0
    return network.watchers === due ? undefined : `${network.watchers} watch it while the chat is ${chat.getSnapshot().status}`
  },
  'a timer runs only while one waits to reconnect or for a tool, and one frame at most'({ chat, clock, framesDue }) {
    const { phase, status } = chat.getSnapshot()
    if (framesDue > 1) return `${framesDue} frames are due`
    return phase === 'reconnecting' || phase === 'local' || clock.due.size === 0 ? undefined : `${clock.due.size} while the chat is ${status}`
  },
}

/** What holds when the chat was disposed of and everything has settled. */
export const lastInvariants: Readonly<Record<string, Invariant>> = {
  'after dispose nothing is scheduled': ({ clock, framesDue }) =>
    clock.due.size + framesDue > 0 ? `${clock.due.size} timers and ${framesDue} frames` : undefined,
  'after dispose nobody watches the network': ({ network }) => (network.watchers > 0 ? `${network.watchers} watch it` : undefined),
  'after dispose nothing is open'(world) {
    const { working, chat } = world
    const open = openRuns(world)
    const atWork = working.filter(({ signal }) => !signal.aborted).length
    const parts = openIn(chat.getSnapshot().messages).length
    return open + atWork + parts > 0 || chat.getSnapshot().isLoading ? `${open} connections, ${atWork} tools, ${parts} parts` : undefined
  },
  'after dispose no promise waits': ({ promises }) => promises.find(({ outcome }) => outcome === null)?.turnId,
  'a run that was stopped is cancelled on its server, once, if it goes on there, and no other is':
    invariants['a run that was stopped is cancelled on its server, once, if it goes on there, and no other is']!,
  'promises of commands settle with the truth': invariants['promises of commands settle with the truth']!,
  'onFinish is called once for each turn that finished': invariants['onFinish is called once for each turn that finished']!,
}
