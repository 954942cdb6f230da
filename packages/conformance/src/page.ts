import { type ChatOptions, type Chunk, type Connection, syncScheduler, type UIMessage } from '@statechat/core'
import { type ManualRun, run, settled, text } from '@statechat/core/testing'
import { expect, onTestFinished } from 'vitest'
import type { Act, Computed, Harness, Mounted, MountOptions, ViewOptions } from './harness.ts'
import { readView, type Shown } from './read-view.ts'

type Ending = Parameters<typeof run>[1]

/** A mounted view, as the scenarios use it: each step waits until it can be seen. */
export interface Page {
  readonly container: HTMLElement
  readonly act: Act
  readonly computed: Computed
  /** The first view. */
  readonly shown: Shown
  view(index: number): Shown
  /** Sends, and waits until the request is out. */
  ask(content: string, id?: string): Promise<void>
  /** One network read. */
  push(run: ManualRun, ...chunks: Chunk[]): Promise<void>
  close(run: ManualRun): Promise<void>
  /** A whole run in one read, and the end of the body. */
  play(run: ManualRun, chunks: readonly Chunk[], end?: Ending): Promise<void>
  /** The same for an answer of one text. */
  answer(run: ManualRun, messageId: string, ...deltas: string[]): Promise<void>
  flush(): Promise<void>
  update(options: ViewOptions): Promise<void>
  unmount(): Promise<void>
}

/** Shows each read at once; a scenario about frames brings its own scheduler. */
export const owned = (connection: Connection, options: Partial<ChatOptions> = {}): ChatOptions => ({
  connection,
  scheduler: syncScheduler,
  ...options,
})

export const user = (id: string, content: string): UIMessage => ({ id, role: 'user', parts: [{ type: 'text', content }] })
export const assistant = (id: string, content: string): UIMessage => ({ id, role: 'assistant', parts: [{ type: 'text', content }] })

export const STARTED: Chunk = { type: 'RUN_STARTED', threadId: 'thread', runId: 'run' }
export const FINISHED: Chunk = { type: 'RUN_FINISHED', threadId: 'thread', runId: 'run' }
export const delta = (messageId: string, content: string): Chunk => ({ type: 'TEXT_MESSAGE_CONTENT', messageId, delta: content })
/** An answer that is not over yet. */
export const opening = (messageId: string, ...deltas: string[]): Chunk[] => [STARTED, ...text(messageId, ...deltas).slice(0, -1)]

/** Mounts a view, and unmounts it when the test is over. */
export const show = async (harness: Harness, options: ViewOptions, how?: MountOptions): Promise<Page> => pageOf(await harness.mount(options, how))

export function pageOf(mounted: Mounted): Page {
  for (const member of ['container', 'act', 'computed', 'update', 'flush', 'unmount'] as const)
    expect(mounted[member], `${member} is missing in what the harness mounted`).toBeDefined()
  let isMounted = true

  async function unmount() {
    if (!isMounted) return
    isMounted = false
    await mounted.unmount()
  }
  onTestFinished(unmount)

  async function flush() {
    await settled()
    if (isMounted) await mounted.flush()
  }

  async function play(to: ManualRun, chunks: readonly Chunk[], end?: Ending) {
    await to.push(...run(chunks, end))
    await to.close()
    await flush()
  }
  return {
    container: mounted.container,
    get act() {
      return mounted.act
    },
    get computed() {
      return mounted.computed
    },
    get shown() {
      return readView(mounted.container)
    },
    view: (index) => readView(mounted.container, index),
    async ask(content, id) {
      void mounted.act.sendMessage(id === undefined ? content : { content, id })
      await flush()
    },
    async push(to, ...chunks) {
      await to.push(...chunks)
      await flush()
    },
    async close(to) {
      await to.close()
      await flush()
    },
    play,
    answer: (to, messageId, ...deltas) => play(to, text(messageId, ...deltas)),
    flush,
    update: (options) => mounted.update(options),
    unmount,
  }
}
