/**
 * Whether statechat keeps a limit. On a busy machine times flake, so `--check` allows more, and holds only what cannot be an
 * accident: `floor` is times the floor's CPU, `peer` times the fastest peer's, `growth` a power, `heap` bytes.
 */
const GENEROUS = {
  floor: (limit) => limit * 3,
  peer: (limit) => limit * 2,
  growth: (limit) => limit + 0.25,
  heap: (limit) => limit * 1.25,
}

export function judge({ kind, what, measured, limit }, isCheck) {
  const allowed = isCheck ? GENEROUS[kind](limit) : limit
  return { kind, what, measured, limit: allowed, isKept: measured <= allowed }
}

/** The verdicts on a comparison; `judged` is the name of another contestant of ours than the plain one. */
export function judgeComparison({ title, shape, entries, limits = {}, judged = 'statechat' }, isCheck) {
  const ours = entries.find(({ name }) => name === judged)
  if (!ours) return []
  const peer = fastestPeer(entries)
  const verdict = (kind, what, measured) => judge({ kind, what: `${title}, ${shape}: CPU of ${what}`, measured, limit: limits[kind] }, isCheck)
  return [
    ...(limits.floor ? [verdict('floor', 'the floor', ours.ofFloor)] : []),
    ...(limits.peer && peer ? [verdict('peer', `the fastest peer, ${peer.name}`, ours.cpuMs / peer.cpuMs)] : []),
  ]
}

/** By CPU: each on the same content, in its own protocol. */
export const fastestPeer = (entries) => entries.filter(({ isPeer }) => isPeer).toSorted((a, b) => a.cpuMs - b.cpuMs)[0]
