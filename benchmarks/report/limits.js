/** Whether statechat keeps a limit. Of a `kind`: `floor` is times the floor's CPU, `peer` times the fastest peer's, `growth` a power, `heap` bytes. */
export const judge = ({ kind, what, measured, limit }) => ({ kind, what, measured, limit, isKept: measured <= limit })

/** The verdicts on a comparison; `judged` is the name of another contestant of ours than the plain one. */
export function judgeComparison({ title, shape, entries, limits = {}, judged = 'statechat' }) {
  const ours = entries.find(({ name }) => name === judged)
  if (!ours) return []
  const peer = fastestPeer(entries)
  const verdict = (kind, what, measured) => judge({ kind, what: `${title}, ${shape}: CPU of ${what}`, measured, limit: limits[kind] })
  return [
    ...(limits.floor ? [verdict('floor', 'the floor', ours.ofFloor)] : []),
    ...(limits.peer && peer ? [verdict('peer', `the fastest peer, ${peer.name}`, ours.cpuMs / peer.cpuMs)] : []),
  ]
}

/** By CPU: each on the same content, in its own protocol. */
export const fastestPeer = (entries) => entries.filter(({ isPeer }) => isPeer).toSorted((a, b) => a.cpuMs - b.cpuMs)[0]
