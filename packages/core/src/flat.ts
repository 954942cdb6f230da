/**
 * The same text in one piece. What was put together from pieces stays a chain of them until somebody reads it, with 32 bytes for each; nanoid's 21 pieces are
 * 280 bytes more than the id.
 */
export function flat(text: string): string {
  text.charCodeAt(0)
  return text
}
