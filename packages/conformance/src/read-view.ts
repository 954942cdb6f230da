import type { MessagePart, UIMessage } from '@statechat/core'

/** What a test view shows of a part. */
export function textOfPart(part: MessagePart): string {
  if (part.type === 'tool-call') return `${part.name}: ${part.state}`
  if ('content' in part && typeof part.content === 'string') return part.content
  return part.type
}

/** What a test view shows of a message that waits. */
export const textOf = ({ parts }: UIMessage): string => parts.map(textOfPart).join('')

/** What a person sees of a chat. */
export interface Shown {
  status: string
  phase: string
  isLoading: boolean
  error: string
  threadId: string
  /** Each message in one line: `user: Hello`. */
  lines: string[]
  ids: string[]
  queue: string[]
}

const texts = (root: Element, selector: string) => [...root.querySelectorAll(selector)].map(({ textContent }) => textContent ?? '')

/** Reads the first view in the container, or the one at `index`. Throws when there is none. */
export function readView(container: Element, index = 0): Shown {
  const view = container.querySelectorAll<HTMLElement>('[data-status]')[index]
  if (!view) throw new Error(`There is no view number ${index} in ${container.innerHTML || 'an empty container'}.`)
  const rows = [...view.querySelectorAll<HTMLElement>('ul > li')]
  const { status = '', phase = '', loading, error = '', thread = '' } = view.dataset
  return {
    status,
    phase,
    isLoading: loading === 'true',
    error,
    threadId: thread,
    lines: rows.map((row) => `${row.dataset['role']}: ${texts(row, '[data-part]').join(' ')}`),
    ids: rows.map((row) => row.dataset['id'] ?? ''),
    queue: texts(view, 'ol > li'),
  }
}
