import type { ChatError, ChatStatus, UIMessage } from '@statechat/core'
import { approvalInWords, questionInWords } from './words.ts'

/** What is said to people who do not see the page: once per change, not per token. The whole answer is read when it is there. */
export function announcement(status: ChatStatus, error: ChatError | null, last: UIMessage | undefined): string {
  switch (status) {
    case 'streaming':
      return 'The assistant is answering.'
    case 'tool-calling':
      return questionOf(last) ?? 'The assistant is using a tool.'
    case 'stopped':
      return 'Stopped.'
    case 'error':
      return `Error: ${error?.message ?? ''}`
    case 'idle':
      return last?.role === 'assistant' ? textOf(last) : ''
  }
}

/** What the assistant waits to hear from the person, and where to answer: the focus stays where it is. */
function questionOf(last: UIMessage | undefined): string | undefined {
  for (const part of last?.parts ?? []) {
    if (part.type === 'tool-call' && part.state === 'approval-requested') return `${approvalInWords(part)} Approve or deny it in the conversation.`
    if (part.type === 'interrupt' && part.state === 'open') return `${questionInWords(part)} Answer in the conversation.`
  }
  return undefined
}

const textOf = (message: UIMessage) => message.parts.map((part) => (part.type === 'text' ? part.content : '')).join('\n')
