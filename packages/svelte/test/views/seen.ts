import type { Act, Computed } from '@statechat/conformance'

/** Where a view leaves what the suite asks for. */
export interface Seen {
  act?: Act
  readonly computed: Computed
}

export const seeNothing = (): Seen => ({ computed: { status: 0, selector: 0, rows: {} } })
