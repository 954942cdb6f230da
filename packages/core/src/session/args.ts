import type { ChatContext } from './context.ts'
import type { ChatEvent } from './events.ts'
import type { ToolInput } from './run-tool.ts'

export interface Args<E = ChatEvent> {
  context: ChatContext
  event: E
}

/** What an action gets that enqueues others: as much of XState's as is used here. */
export interface Enqueueing extends Args {
  enqueue: {
    assign(change: Partial<ChatContext>): void
    spawnChild(actor: 'runTool', options: { id: string; input: ToolInput }): void
    stopChild(id: string): void
    raise(event: ChatEvent, options?: { delay: number; id: string }): void
    cancel(id: string): void
  }
}
