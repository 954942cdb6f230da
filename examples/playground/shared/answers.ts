import type { Chat } from '@statechat/core'

/** What a person can say to the questions in a conversation. */
export type Answers = Pick<Chat, 'addToolResult' | 'approve' | 'deny' | 'resolveInterrupt' | 'cancelInterrupt'>

/** Where the focus goes when the form in it is answered and gone: the card, not the start of the page. */
export const cardOf = (within: Element): HTMLElement | null => within.closest<HTMLElement>('.tool')

/** A card that has grown is not to hide its buttons below the fold. */
export const keepInView = (card: Element | null): unknown => requestAnimationFrame(() => card?.scrollIntoView({ block: 'nearest' }))

/** The edited input, if it is another one. */
export const editOf = (input: unknown, edited: unknown): { editedInput?: unknown } =>
  JSON.stringify(input) === JSON.stringify(edited) ? {} : { editedInput: edited }
