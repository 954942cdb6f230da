/** What is measured. The limits are for those that follow 2,000 messages, and hold for the clicks of both. */
export const BUFFERED = [
  { case: 'blocks', title: 'in reads of 16 KiB', asked: { shape: 'blocks', earlier: 2000, deltas: 2000 } },
  { case: 'events', title: 'one event a read', asked: { shape: 'events', earlier: 2000, deltas: 2000 } },
]
export const PACED = [
  { case: 'paced-200', title: 'after 200 messages', asked: { shape: 'paced', earlier: 200, deltas: 1000, perSecond: 500 } },
  { case: 'paced-2000', title: 'after 2,000 messages', asked: { shape: 'paced', earlier: 2000, deltas: 1000, perSecond: 500 } },
]

export const PACED_ROUNDS = 5

/** Rounds of a contestant in a case. Quick: what the limits compare, as often as that takes; others once, peers in two cases only. */
export function roundsOf({ framework, name }, { case: of, asked }, isQuick) {
  const isPaced = asked.shape === 'paced'
  if (!isQuick) return isPaced ? PACED_ROUNDS : 11
  if (framework === 'floor' || (framework === 'react' && name === 'statechat')) return isPaced ? 3 : 7
  return name === 'statechat' || of === 'blocks' || of === 'paced-2000' ? 1 : 0
}

/** Who takes minutes for a round is not asked for all of them: no more after so many milliseconds. */
export const ENOUGH_MS = 40_000
