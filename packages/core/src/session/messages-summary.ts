import type { UIMessage } from '../transcript/message.ts'

const MOST_PARTS = 20

const isOpen = (part: UIMessage['parts'][number]): boolean =>
  ('state' in part && part.state !== undefined && OPEN.has(part.state)) || ('status' in part && part.status === 'streaming')
const OPEN: ReadonlySet<string> = new Set([
  'streaming',
  'awaiting-input',
  'input-streaming',
  'input-complete',
  'approval-requested',
  'executing',
  'open',
])

/** How many there are, what the last one is, and what of it is not finished. */
export function messagesSummary(messages: readonly UIMessage[]): object {
  const last = messages.at(-1)
  if (!last) return { count: 0 }
  const { id, role, parts } = last
  const open = parts
    .filter(isOpen)
    .slice(0, MOST_PARTS)
    .map((part) => ({ type: part.type, ...('id' in part && { id: part.id }), ...('state' in part && { state: part.state }) }))
  return { count: messages.length, last: { id, role, parts: parts.length }, open }
}
