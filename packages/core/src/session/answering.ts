import { foreign } from '../connection/read-connection.ts'
import { lazy } from '../lazy.ts'
import { agUiRules } from '../protocol/ag-ui.ts'
import { rich } from '../transcript/rich.ts'
import type { LiveOptions } from './options.ts'
import { inspection } from './tell-inspector.ts'

/** All that is about calls and questions: this client's tools, what it owes, what a person answers. Loaded with the first of them. */
export const answering = lazy(() => import('./answering-code.ts'))

/** Whether a conversation may be more than prose from here on. */
export const isLoaded = (): boolean => rich.get() !== undefined && answering.get() !== undefined

/** Makes {@link isLoaded} true. Rejects with `ChatError` `load`. */
export const loadMore = (): Promise<unknown> => Promise.all([rich.load(), answering.load()])

/**
 * Loads ahead of time what only some conversations need, and what is else fetched with the first tool call, question or unusual server:
 * for pages that go offline. Rejects with `ChatError` `load`.
 */
export async function preload(): Promise<void> {
  // In turn: the module loader of jest fails on code that is fetched at the same time and shares a file that is new to it.
  for (const code of [foreign, agUiRules, rich, answering, inspection]) await code.load()
}

/** Whether a chat with these options needs more than prose from the start. */
export const needsMore = ({ tools, outputSchema }: LiveOptions): boolean => (tools?.length ?? 0) > 0 || outputSchema !== undefined
