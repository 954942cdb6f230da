import type { ChatError, ChatStatus, UIMessage } from '@statechat/solid'

interface AnnouncerProps {
  status: ChatStatus
  error: ChatError | null
  last: UIMessage | undefined
}

/** Says what happens to people who do not see it: once per change, not per token. The whole answer is read when it is there. */
export function Announcer(props: AnnouncerProps) {
  return (
    <div class="visually-hidden" role="status" aria-live="polite">
      {announcement(props)}
    </div>
  )
}

function announcement(props: AnnouncerProps): string {
  switch (props.status) {
    case 'streaming':
      return 'The assistant is answering.'
    case 'tool-calling':
      return 'The assistant is using a tool.'
    case 'stopped':
      return 'Stopped.'
    case 'error':
      return `Error: ${props.error?.message ?? ''}`
    case 'idle':
      return props.last?.role === 'assistant' ? textOf(props.last) : ''
  }
}

const textOf = (message: UIMessage) => message.parts.map((part) => (part.type === 'text' ? part.content : '')).join('\n')
