import type { ContentPart } from '@statechat/core/wire'

/** The words of a content; what is no text is left out. */
export const plainText = (content: string | readonly ContentPart[]): string =>
  typeof content === 'string' ? content : content.map((part) => (part.type === 'text' ? part.text : '')).join('')
