import type { InterruptPart, MessagePart, ToolCallPart, UIMessage } from '@statechat/core'

/** What a test view shows of a part. */
export function textOfPart(part: MessagePart): string {
  switch (part.type) {
    case 'text':
    case 'thinking':
      return part.content
    case 'tool-call':
      return textOfCall(part)
    // The call shows it.
    case 'tool-result':
      return ''
    case 'interrupt':
      return textOfInterrupt(part)
    case 'structured-output':
      return part.status === 'error' ? `${part.status} ${part.raw} ! ${part.errorMessage}` : `${part.status} ${part.raw}`
    default:
      return part.type
  }
}

/** A call as a person reads it: `weather({"city":"Oslo"}) complete = "3 degrees"`, or `… executing at 0.5`, or `… error ! No such city`. */
function textOfCall({ name, state, input, output, error, progress, approval }: ToolCallPart): string {
  return [
    `${name}(${jsonOf(input)}) ${state}`,
    ...(approval?.message === undefined ? [] : [`? ${approval.message}`]),
    ...(progress === undefined ? [] : [`at ${jsonOf(progress)}`]),
    ...(output === undefined ? [] : [`= ${JSON.stringify(output)}`]),
    ...(error === undefined ? [] : [`! ${error}`]),
  ].join(' ')
}

/** What a test view shows of a question of the server. */
export const textOfInterrupt = ({ message, reason, state }: InterruptPart): string => `${message ?? reason} ${state}`

/** What a test view shows of a value that is no text; nothing for none. */
export const jsonOf = (value: unknown): string => (value == null ? '' : JSON.stringify(value))

/** What a test view shows of a message that waits. */
export const textOf = ({ parts }: UIMessage): string => parts.map(textOfPart).join('')

/** What a person sees of a chat. */
export interface Shown {
  status: string
  phase: string
  isLoading: boolean
  isReplaying: boolean
  error: string
  threadId: string
  /** Each message in one line: `user: Hello`. */
  lines: string[]
  ids: string[]
  queue: string[]
  /** Open questions of the server that are about no call. */
  interrupts: string[]
  /** The structured answer as JSON, so far and whole; empty for none. */
  partial: string
  final: string
  /** What agent and application share, as JSON. */
  state: string
}

const texts = (root: Element, selector: string) => [...root.querySelectorAll(selector)].map(({ textContent }) => textContent ?? '')

/** Reads the first view in the container, or the one at `index`. Throws when there is none. */
export function readView(container: Element, index = 0): Shown {
  const view = container.querySelectorAll<HTMLElement>('[data-status]')[index]
  if (!view) throw new Error(`There is no view number ${index} in ${container.innerHTML || 'an empty container'}.`)
  const rows = [...view.querySelectorAll<HTMLElement>('ul > li')]
  const { status = '', phase = '', loading, replaying, error = '', thread = '', partial = '', final = '', state = '' } = view.dataset
  return {
    status,
    phase,
    isLoading: loading === 'true',
    isReplaying: replaying === 'true',
    error,
    threadId: thread,
    lines: rows.map((row) => `${row.dataset['role']}: ${texts(row, '[data-part]').filter(Boolean).join(' ')}`),
    ids: rows.map((row) => row.dataset['id'] ?? ''),
    queue: texts(view, 'ol > li'),
    interrupts: texts(view, 'menu > li'),
    partial,
    final,
    state,
  }
}
