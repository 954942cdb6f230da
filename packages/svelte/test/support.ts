import { type ChatOptions, type Connection, syncScheduler, type UIMessage } from '@statechat/svelte'

/** Shows each network read at once; a test of frames brings its own scheduler. */
export const owned = (connection: Connection, options: Partial<ChatOptions> = {}): ChatOptions => ({
  connection,
  scheduler: syncScheduler,
  ...options,
})

export const textOf = ({ parts }: UIMessage): string => parts.map((part) => ('content' in part ? String(part.content) : part.type)).join('')

export const user = (id: string, content: string): UIMessage => ({ id, role: 'user', parts: [{ type: 'text', content }] })
export const assistant = (id: string, content: string): UIMessage => ({ id, role: 'assistant', parts: [{ type: 'text', content }] })

/** Everything that was due in timers by now has run, and what Svelte then had to do as well. */
export async function later(): Promise<void> {
  for (let i = 0; i < 3; i++) await new Promise((resolve) => setTimeout(resolve))
}
