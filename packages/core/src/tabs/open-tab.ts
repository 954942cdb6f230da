import type { Chat } from '../chat.ts'
import { markDecoded } from '../connection/decoded.ts'
import { isolate } from '../session/host.ts'
import type { Locks } from '../session/options.ts'
import * as threadCode from '../session/thread-code.ts'
import { toErrorData } from '../trace/error-data.ts'
import { type Channel, openChannel } from './tab-channel.ts'
import { createTabLocks, type Release } from './tab-locks.ts'
import { isLater, isShared, type RunEnd, type TabMessage, type Version } from './tab-message.ts'
import type { SharedRun } from './shared-run.ts'
import { createTabRuns } from './tab-runs.ts'
import type { OpenTab } from './tabs.ts'
import { createThreadView } from './thread-view.ts'

/** What a tab needs of its browser. */
export interface Browser {
  openChannel: (name: string) => Channel
  locks: Locks
}

/** Joins a chat with those of its thread in other tabs. */
export function openTab(actor: Chat['actor'], browser: Browser): OpenTab {
  const { host } = actor.getSnapshot().context
  const me = host.generateId()
  const closing = new AbortController()
  const locks = createTabLocks(browser.locks)
  const lifeName = (tab: string) => `${LIVES}${tab}`
  const LIVES = `statechat:tab:${host.threadId}:`
  let life: Release | null = null
  /** Somebody else was heard of. */
  let hasOthers = false
  let heardOne = () => {}
  const heard = new Promise<void>((resolve) => (heardOne = resolve))

  const channel = openChannel(browser.openChannel, `statechat:${host.threadId}`, me, hear)
  const view = createThreadView(actor, me, (runId) => runs.of(runId) !== null)
  const ready = arrive().catch(() => false)
  const runs = createTabRuns({
    actor,
    me,
    locks,
    tabLock: lifeName,
    channel,
    view,
    hasOthers: () => hasOthers,
    tell,
    ready: () => ready,
    closing: closing.signal,
  })

  function tell(message: TabMessage) {
    if (hasOthers) channel.post(message)
  }

  /** Whether locks can be had (a page of an opaque origin has none); when one of the tabs that are there, if there are any, has said what they have. */
  async function arrive(): Promise<boolean> {
    life = await locks.tryTake(lifeName(me))
    if (closing.signal.aborted) return leave()
    channel.post({ type: 'hello', version: view.version() })
    const { held = [] } = (await browser.locks.query?.()) ?? {}
    const others = held.flatMap(({ name }) => (name?.startsWith(LIVES) && name !== lifeName(me) ? name : []))
    const waiting = new AbortController()
    closing.signal.addEventListener('abort', () => waiting.abort())
    const gone = others.map(async (name) => (await locks.take(name, waiting.signal))?.())
    if (others.length > 0) await Promise.race([heard, Promise.all(gone)])
    waiting.abort()
    return true
  }
  function leave() {
    life?.()
    life = null
    return false
  }

  function hear(message: TabMessage, from: string) {
    const isFirst = !hasOthers
    hasOthers = true
    if (message.type === 'here' || message.type === 'thread' || message.type === 'run') heardOne()
    switch (message.type) {
      case 'hello':
        return welcome(message.version, true)
      case 'here':
        // What was done before anybody was heard of.
        return isFirst ? welcome(message.version, false) : undefined
      case 'run':
        if (runs.isKnown(message.run.runId) || view.isNews(message.version)) return runs.hearRun(message, from)
        // Who cleared the conversation at the same moment has stopped it.
        return tellThread('replaced')
      case 'ask':
        return runs.answer(message)
      case 'chunks':
        return runs.hearChunks(message)
      case 'end':
        return runs.hearEnd(message, from)
      case 'stop':
        if (runs.open()?.run.runId === message.runId) view.send({ type: 'user.stop' })
        return
      case 'thread':
        if (view.isNews(message.version)) return view.hear(message)
        return isLater(view.version(), message.version) ? tellThread('told') : undefined
      case 'event':
        return view.share(message.event)
      default:
    }
  }

  /** A tab is told what it has missed. */
  function welcome(version: Version, isNew: boolean) {
    const run = runs.open()
    if (run) tell({ type: 'run', version: view.version(), run: run.run, thread: run.thread, why: 'told' })
    else if (isLater(view.version(), version) && !view.isInRun()) tellThread('told')
    else if (isNew) tell({ type: 'here', version: view.version() })
  }

  function tellThread(why: 'told' | 'stopped' | 'replaced') {
    if (!runs.open()) tell({ type: 'thread', version: view.version(), thread: view.thread(), why })
  }

  let before = { runId: null as string | null, isBusy: false, isInRun: false }

  function onSettled({ type }: { type: string }) {
    const snapshot = actor.getSnapshot()
    const { runId } = snapshot.context
    const isInRun = view.isInRun()
    const left = before.runId !== runId || !isInRun ? runs.of(before.runId) : null
    if (!view.isTold()) tellCommand(type, left)
    if (left && left === runs.open()) runs.end(endOf(type))
    if (!isInRun) runs.letGo()
    before = { runId, isBusy: snapshot.hasTag('busy'), isInRun }
    queueMicrotask(view.offer)
  }

  /** What a person has done here that the others do as well. */
  function tellCommand(type: string, left: SharedRun | null) {
    const isStop = type === 'user.stop' && before.isBusy
    if (isStop && before.isInRun && !runs.of(before.runId)) void tellWhenQuiet()
    else if (isStop || type === 'user.clear' || type === 'user.setMessages')
      tell({ type: 'thread', version: view.advance(), thread: view.thread(), why: isStop ? 'stopped' : 'replaced' })
    else if (type.startsWith('user.') && left && !left.end && left.owner !== me) tell({ type: 'stop', runId: left.run.runId })
  }

  /** A question was stopped that nobody had heard of: it is told, unless the conversation goes on elsewhere. */
  async function tellWhenQuiet() {
    const version = view.version()
    await channel.caughtUp()
    if (closing.signal.aborted || version !== view.version() || view.isInRun()) return
    view.advance()
    tellThread('told')
  }

  function endOf(type: string): RunEnd {
    const { error } = actor.getSnapshot().context
    if (error) return { how: 'failed', error: toErrorData(error) }
    return { how: type === 'run.closed' ? 'closed' : 'stopped' }
  }

  const inspection = actor.system.inspect((seen) =>
    isolate(() => {
      if (seen.actorRef !== actor) return
      if (seen.type === '@xstate.snapshot') onSettled(seen.event)
      else if (seen.type === '@xstate.event' && isShared(seen.event) && !view.isTold() && view.isOwed(seen.event))
        tell({ type: 'event', event: seen.event })
    }),
  )

  host.threadCode = threadCode
  host.tab = {
    via: (connection) => ({
      connect: (messages, data, signal, context) => markDecoded(runs.read({ kind: 'connect', connection, messages, data, signal, context })),
      join: (signal, context) => markDecoded(runs.read({ kind: 'join', connection, messages: [], data: undefined, signal, context })),
    }),
    idsOf(runId) {
      let made = 0
      return () => `${runs.of(runId)?.run.runId ?? runId}.${++made}`
    },
  }

  const { claim } = host
  host.claim = async (key, signal) => {
    if (await claim.call(host, key, signal)) return true
    // Another tab has begun; this one has to know when that is gone.
    const taken = await locks.take(`statechat:${host.threadId}:${key}`, signal)
    taken?.()
    return taken ? 'left' : false
  }

  return {
    close() {
      host.claim = claim
      closing.abort()
      inspection.unsubscribe()
      host.tab = null
      runs.letGo()
      channel.close()
      leave()
    },
  }
}
