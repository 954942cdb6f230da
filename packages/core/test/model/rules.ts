import type { MessagePart, UIMessage } from '../../src/transcript/message.ts'
import type { ChatSnapshot } from '../../src/view/snapshot.ts'
import { type Given, STORED } from './given.ts'

const CLOSED_CALLS: ReadonlySet<string> = new Set(['input-complete', 'complete', 'error', 'cancelled', 'approval-responded'])

const isOpen = (part: MessagePart): boolean => {
  switch (part.type) {
    case 'text':
    case 'thinking':
      return part.state === 'streaming'
    case 'tool-call':
      return !CLOSED_CALLS.has(part.state)
    default:
      return part.type === 'interrupt' && part.state === 'open'
  }
}

/** What a user may conclude from each state, written down once more and not asked of the machine. */
export function expected(snapshot: ChatSnapshot, phase: string, given: Given) {
  const { status, messages } = snapshot
  const isLoading = status === 'streaming' || status === 'tool-calling'
  const isRestoring = phase === 'loading' || phase === 'joining'
  return {
    isLoading,
    isReplaying: phase === 'replaying',
    hasError: status === 'error',
    canStop: isLoading || phase === 'joining',
    canSend: !(isLoading && given.whileBusy === 'drop'),
    canReload: !isRestoring && (messages.at(-1)?.role === 'assistant' ? messages.length > 1 : messages.length > 0),
    canRetry: status === 'error' || status === 'stopped',
    ids: new Set(messages.map(({ id }) => id)).size,
    empty: [],
    open: isLoading ? 'allowed' : openIn(messages, given),
  }
}

/** What the snapshot says of the same. */
export function claimed(snapshot: ChatSnapshot) {
  const { status, messages, isLoading, isReplaying, error, canStop, canSend, canReload, canRetry } = snapshot
  return {
    isLoading,
    isReplaying,
    hasError: error !== null,
    canStop,
    canSend,
    canReload,
    canRetry,
    ids: messages.length,
    empty: messages.filter(({ parts }) => parts.length === 0),
    open: status === 'streaming' || status === 'tool-calling' ? 'allowed' : [],
  }
}

/** Open parts of messages that were not stored with them. */
function openIn(messages: readonly UIMessage[], { messages: initial, stored = STORED }: Given): MessagePart[] {
  const before = new Set((initial === 'later' ? stored : initial).map(({ id }) => id))
  return messages.filter(({ id }) => !before.has(id)).flatMap(({ parts }) => parts.filter(isOpen))
}
