import type { Chat, ChatCallbacks, ChatCommands, ChatOptions } from '@statechat/core'

/** What a view is given: options of its own chat, or somebody else's chat. */
export type ViewOptions = ChatOptions | (ChatCallbacks & { chat: Chat; connection?: undefined })

/** The commands that `useChat` returns, in every framework. */
export type Act = ChatCommands

/** How often something that a view shows was computed again: renders where there are renders, effects where there are effects. */
export interface Computed {
  /** A component that reads `status` alone, through `useChat`. */
  status: number
  /** A component that reads the status through `useChatSelector`. */
  selector: number
  /** The row of each message, by id. */
  rows: Record<string, number>
}

/**
 * A mounted view. Every binding's test view renders this, so that one `readView` serves all:
 *
 *     <div data-status data-phase data-loading data-replaying data-error data-thread data-partial data-final data-state>
 *       <ul><li data-id="…" data-role="…"><span data-part="0">text of part 0</span>…</li>…</ul>
 *       <ol><li>text of a waiting message</li>…</ol>
 *       <menu><li>text of an open question</li>…</menu>
 *     </div>
 *
 * with `data-error` the error's code or empty, `data-loading` and `data-replaying` `true` or `false`, `data-phase` empty for none.
 * Texts come from `textOf`, `textOfPart` and `textOfInterrupt`, and `data-partial`, `data-final` and `data-state` from `jsonOf`. The `<ul>` has one row component (or keyed row) per message, keyed by id.
 * Several views stand one after the other in `container`; `act` is that of the first, `computed` the sum of all.
 */
export interface Mounted {
  readonly container: HTMLElement
  /** The commands as the view has them now. */
  readonly act: Act
  readonly computed: Computed
  /** New options for the same view, as a parent would pass them. */
  update(options: ViewOptions): Promise<void>
  /** Resolves when the framework has shown what it knows. */
  flush(): Promise<void>
  unmount(): Promise<void>
}

export interface MountOptions {
  /** How many views show the same options side by side; only sensible with `{ chat }`. Default 1. */
  views?: number
  /** Mounts, unmounts and mounts again at once, as StrictMode and hot reload do. */
  twice?: boolean
  /** Called after the view has read the chat for the first time and before it has subscribed. */
  beforeSubscribe?: () => void
}

/** What a binding brings to the suite. */
export interface Harness {
  readonly name: string
  mount(options: ViewOptions, how?: MountOptions): Promise<Mounted>
  /** What the binding's server renders for `storedPage()`; see `renderStoredPage` for a way to get it. The suite fails without it. */
  html?: string
  /** Puts the given HTML, rendered by the binding on a server, into the page and hydrates it; `problems` are what the framework complained about. */
  hydrate(html: string, options: ViewOptions): Promise<Mounted & { problems: readonly unknown[] }>
}

/** The server's side, run in a project of its own without a DOM. */
export interface ServerHarness {
  readonly name: string
  render(options: ViewOptions): Promise<string> | string
}
