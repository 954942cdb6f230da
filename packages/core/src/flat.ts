/**
 * The same text in one piece. What was put together from pieces stays a chain of them until somebody reads it; that of nanoid's
 * 21 pieces is many times as large as the id.
 */
export function flat(text: string): string {
  text.charCodeAt(0)
  return text
}
