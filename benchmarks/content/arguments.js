/** JSON arguments of about so many bytes: one long string, as a model writes a file. */
export const fileArguments = (bytes) => JSON.stringify({ path: 'fox.txt', content: 'The quick brown fox jumps over it.\n'.repeat(bytes / 36) })

const fieldArguments = (bytes) => JSON.stringify(Object.fromEntries(Array.from({ length: bytes / 24 }, (_, i) => [`field${i}`, `value${i}`])))

const listArguments = (bytes) => JSON.stringify({ rows: Array.from({ length: bytes / 24 }, (_, i) => ({ id: i, name: `n${i % 100}` })) })

/** What is long in long arguments. */
export const FORMS = { 'one long string': fileArguments, 'many short fields': fieldArguments, 'a long list': listArguments }
