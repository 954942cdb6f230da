/** Text as it is, other values as JSON; a tool that gives nothing has still answered. */
export const toContent = (output: unknown): string => (typeof output === 'string' ? output : (JSON.stringify(output) ?? 'null'))
