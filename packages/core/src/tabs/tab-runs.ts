import type { Chat } from '../chat.ts'
import { untilAborted } from '../bytes/until-aborted.ts'
import type { Chunk } from '../protocol/chunk.ts'
import { followRun } from './follow-run.ts'
import { type Call, readAlone, readOwn } from './own-run.ts'
import { createSharedRun, type SharedRun } from './shared-run.ts'
import type { TabChannel } from './tab-channel.ts'
import type { Release, TabLocks } from './tab-locks.ts'
import type { RunEnd, TabMessage } from './tab-message.ts'
import type { TabWorld } from './tab-world.ts'
import type { ThreadView } from './thread-view.ts'

type About<Type extends TabMessage['type']> = Extract<TabMessage, { type: Type }>

/** The runs of one thread, in one tab. */
export interface TabRuns {
  /** The chunks of a run, whoever has it open. */
  read(call: Call): AsyncGenerator<readonly Chunk[], void, void>
  /** The one that this tab has open. */
  open(): SharedRun | null
  /** The one that this run of the chat follows, or has open. */
  of(runId: string | null): SharedRun | null
  /** Others have said that it is going on. */
  isKnown(runId: string): boolean
  /** The chat is done with the run that it had open. */
  end(end: RunEnd): void
  /** No run is open here. */
  letGo(): void
  /** Others say that they have one open. */
  hearRun(message: About<'run'>, from: string): void
  hearChunks(message: About<'chunks'>): void
  hearEnd(message: About<'end'>, from: string): void
  /** Somebody wants chunks. */
  answer(message: About<'ask'>): void
}

export interface TabRunsOptions {
  actor: Chat['actor']
  me: string
  locks: TabLocks
  tabLock: (tab: string) => string
  channel: TabChannel
  view: ThreadView
  /** Somebody else was heard of. */
  hasOthers: () => boolean
  /** Posts, if there is anybody to hear it. */
  tell: (message: TabMessage) => void
  /** Whether locks can be had, when it is known what the others have. */
  ready: () => Promise<boolean>
  closing: AbortSignal
}

export function createTabRuns({ actor, me, locks, tabLock, channel, view, hasOthers, tell, ready, closing }: TabRunsOptions): TabRuns {
  const { threadId } = actor.getSnapshot().context.host
  let shared: SharedRun | null = null
  /** What the chat calls it. */
  let localId = ''
  let hold: Release | null = null

  const world: TabWorld = {
    locks,
    runLock: `statechat:run:${threadId}`,
    tabLock,
    ask: ({ run: { runId } }, at) => channel.post({ type: 'ask', runId, at }),
    takeOver(taken, place) {
      hold = place
      localId = taken.run.runId
      taken.owner = me
      taken.isFollowed = true
      tell({ type: 'run', version: view.version(), run: taken.run, thread: taken.thread, why: 'taken' })
    },
  }
  const isMine = () => shared?.owner === me
  const open = () => (shared?.owner === me && !shared.end ? shared : null)
  const of = (runId: string | null) => (shared && runId === (isMine() ? localId : shared.run.runId) ? shared : null)

  async function takeHold(signal: AbortSignal): Promise<boolean> {
    if (hold) return true
    let taken = await locks.tryTake(world.runLock)
    if (!taken && !signal.aborted) {
      taken = await locks.take(world.runLock, signal)
    }
    // Whoever had it has said what the conversation is now.
    if (taken && hasOthers()) await untilAborted(channel.caughtUp(), signal)
    if (!taken || signal.aborted || hold) taken?.()
    else hold = taken
    return hold !== null && !signal.aborted
  }

  function begin({ context }: Call, runId: string): SharedRun {
    const { mode = 'reply', tip = null, fallback = null, steps = 0 } = actor.getSnapshot().context.turn ?? {}
    const run = { runId, parentRunId: context.parentRunId ?? null, mode, tip, fallback, steps }
    localId = context.runId
    shared = createSharedRun(run, { ...view.thread(), head: tip }, me)
    tell({ type: 'run', version: view.advance(), run, thread: shared.thread, why: 'begun' })
    return shared
  }

  function pass(run: SharedRun, chunks: readonly Chunk[], cursor: string | null) {
    const at = run.chunks.length
    run.add(at, chunks, cursor)
    if (run.isFollowed) tell({ type: 'chunks', runId: run.run.runId, at, chunks, cursor })
  }

  return {
    async *read(call) {
      const { signal, context } = call
      if (!(await ready()) || closing.aborted) return yield* readAlone(call)
      if (signal.aborted) return
      const theirs = isMine() ? null : of(context.runId)
      if (theirs && (yield* followRun(theirs, world, signal, context))) return
      if (!(await takeHold(signal))) return
      const known = isMine() ? of(context.runId) : null
      // One that dropped while the page was put away is not known from its start.
      yield* known || !context.cursor ? readOwn(call, known, { begin, pass }) : readAlone(call)
    },
    open,
    of,
    isKnown: (runId) => shared?.run.runId === runId,
    end(end) {
      const run = open()
      if (!run) return
      run.end = { at: run.chunks.length, end }
      tell({ type: 'end', runId: run.run.runId, ...run.end })
    },
    letGo() {
      hold?.()
      hold = null
    },
    hearRun(message, from) {
      const { run, thread, why } = message
      if (open()) return
      if (shared?.run.runId !== run.runId) {
        shared = createSharedRun(run, thread, from, why === 'told')
        view.follow(message)
      } else if (why === 'taken' && !shared.end) {
        shared.owner = from
        world.ask(shared, shared.chunks.length)
        shared.wake()
      }
    },
    hearChunks({ runId, at, chunks, cursor }) {
      if (shared?.run.runId !== runId || isMine()) return
      if (shared.add(at, chunks, cursor)) shared.wake()
      else world.ask(shared, shared.chunks.length)
    },
    hearEnd({ runId, at, end }, from) {
      if (shared?.run.runId !== runId || shared.owner !== from) return
      shared.end = { at, end }
      if (at > shared.chunks.length) world.ask(shared, shared.chunks.length)
      shared.wake()
    },
    answer({ runId, at }) {
      if (shared?.owner !== me || shared.run.runId !== runId) return
      shared.isFollowed = true
      tell({ type: 'chunks', runId, at, chunks: shared.chunks.slice(at), cursor: shared.cursor })
      if (shared.end) tell({ type: 'end', runId, ...shared.end })
    },
  }
}
