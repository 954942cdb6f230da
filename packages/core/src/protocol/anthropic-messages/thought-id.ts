/**
 * Ids of thoughts say what their sealed values do not. A thought without words is either a `redacted_thinking` block or a `thinking`
 * block that was not to be shown, and they go back in different ways. And what another provider sealed is refused, so that a
 * conversation could not go on with another model.
 */
export const thinkingId = (index: unknown): string => `thinking-${String(index)}`
export const redactedId = (index: unknown): string => `thinking-redacted-${String(index)}`

export const isThought = (id: string): boolean => id.includes('-thinking-')
export const isRedacted = (id: string): boolean => id.includes('-thinking-redacted-')
