import { createChat, stream } from '@statechat/core'

/** A stored conversation whose last call has no result, and what each tab makes of it. The tool never ends by itself. */
export function open(threadId: string): { state(): string; runs(): number } {
  let runs = 0
  const call = { type: 'tool-call', id: 'c', name: 'look', arguments: '{}', state: 'input-complete', input: {} } as const
  const chat = createChat({
    threadId,
    connection: stream(async function* () {}),
    tools: [
      {
        name: 'look',
        execute: () => {
          runs++
          return new Promise(() => {})
        },
      },
    ],
    initialMessages: [
      { id: 'q', role: 'user', parts: [{ type: 'text', content: 'Look' }] },
      { id: 'a', role: 'assistant', parts: [call] },
    ],
  })
  chat.attach()
  return {
    state: () => chat.getSnapshot().messages.flatMap(({ parts }) => parts.flatMap((part) => (part.type === 'tool-call' ? part.state : [])))[0] ?? '',
    runs: () => runs,
  }
}

Object.assign(globalThis, { open })
