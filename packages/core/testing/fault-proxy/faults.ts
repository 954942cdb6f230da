/** Which way bytes go: `request` from the client to the server, `answer` back. */
export type Direction = 'request' | 'answer'

/** How a connection breaks: `cut` ends it (FIN, both ways), `reset` tears it (RST), `stall` passes no more bytes that way until `resume()`. */
export type BreakKind = 'cut' | 'reset' | 'stall'

/** What happens to the bytes that go one way. */
export interface LaneFaults {
  /** Breaks once so many bytes have passed; 0 is when the first one comes. */
  break?: { readonly after: number; readonly by: BreakKind } | undefined
  /**
   * The sizes in bytes of what is written, one after the other and again from the first: `[1]` is byte by byte. A turn of the event loop lies
   * between two pieces, so that a reader in the same process gets them apart. Default: as they come.
   */
  split?: readonly number[] | undefined
  /** How long each piece is held back, in milliseconds of the proxy's clock. Default 0. */
  delayMs?: number | undefined
}

/** What happens to one connection. */
export interface ConnectionFaults {
  /** Reset at once, without a word to the server. */
  refuse?: boolean | undefined
  /** Cut when it is so old, in milliseconds of the proxy's clock, whatever it does. */
  closeAfterMs?: number | undefined
  request?: LaneFaults | undefined
  answer?: LaneFaults | undefined
}

/** Throws a `RangeError` for sizes, counts and times that cannot be meant. */
export function checkFaults({ closeAfterMs = 0, request, answer }: ConnectionFaults): void {
  if (!(closeAfterMs >= 0)) throw new RangeError(`closeAfterMs is ${closeAfterMs}; give milliseconds, 0 or more.`)
  for (const lane of [request, answer]) {
    const { break: broken, split, delayMs = 0 } = lane ?? {}
    if (!(delayMs >= 0)) throw new RangeError(`delayMs is ${delayMs}; give milliseconds, 0 or more.`)
    if (broken && !(broken.after >= 0)) throw new RangeError(`break.after is ${broken.after}; give a number of bytes, 0 or more.`)
    if (split && (split.length === 0 || split.some((size) => !Number.isInteger(size) || size < 1)))
      throw new RangeError(`split is [${split.join(', ')}]; give sizes in bytes, 1 or more each.`)
  }
}
