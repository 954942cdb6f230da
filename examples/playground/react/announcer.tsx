import type { ChatError, ChatStatus, UIMessage } from '@statechat/react'

/** Says what happens to people who do not see it: once per change, not per token. The whole answer is read when it is there. */
export function Announcer({ status, error, last }: { status: ChatStatus; error: ChatError | null; last: UIMessage | undefined }) {
  return (
    <div className="visually-hidden" role="status" aria-live="polite">
      {announcement(status, error, last)}
    </div>
  )
}

function announcement(status: ChatStatus, error: ChatError | null, last: UIMessage | undefined): string {
  switch (status) {
    case 'streaming':
      return 'The assistant is answering.'
    case 'tool-calling':
      return 'The assistant is using a tool.'
    case 'stopped':
      return 'Stopped.'
    case 'error':
      return `Error: ${error?.message ?? ''}`
    case 'idle':
      return last?.role === 'assistant' ? textOf(last) : ''
  }
}

const textOf = (message: UIMessage) => message.parts.map((part) => (part.type === 'text' ? part.content : '')).join('\n')
