/** What the names in the machine's file do, by what they are about. */
export * from './turn-actions.ts'
export * from './run-actions.ts'
export * from './end-actions.ts'
export * from './answering-actions.ts'
export * from './conversation-actions.ts'
export * from './thread-actions.ts'
