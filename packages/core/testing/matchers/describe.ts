import type { MessagePart, UIMessage } from '../../src/transcript/message.ts'
import type { Received, Shown } from './received.ts'

/** The last ones are what a test is about. */
const MOST_MESSAGES = 8
const LONGEST = 160

/** What a person sees, for the message of a failed test. */
export const describe = (received: Received): string =>
  received.type === 'chat' ? describeChat(received.shown) : ['The message:', ...describeMessage(received.message)].join('\n')

function describeChat({ status, phase, messages, error }: Shown): string {
  const shown = messages.slice(-MOST_MESSAGES)
  const hidden = messages.length - shown.length
  return [
    `The chat is ${status}${phase ? ` (${phase})` : ''}${messages.length === 0 ? ', without messages.' : ':'}`,
    ...(error ? [`  error ${error.code}: ${clip(error.message)}`] : []),
    ...(hidden > 0 ? [`  … ${hidden} more`] : []),
    ...shown.flatMap(describeMessage),
  ].join('\n')
}

function describeMessage({ role, parts }: UIMessage): string[] {
  const calls = new Set(parts.map((part) => part.type === 'tool-call' && part.id))
  // A call shows its result.
  const lines = parts.filter((part) => part.type !== 'tool-result' || !calls.has(part.toolCallId)).map(describePart)
  return lines.length === 0 ? [`  ${role}: nothing`] : lines.map((line, i) => `  ${i === 0 ? `${role}: ` : ' '.repeat(role.length + 2)}${line}`)
}

function describePart(part: MessagePart): string {
  switch (part.type) {
    case 'text':
      return quoted(part.content) + (part.state === 'streaming' ? ' …' : '')
    case 'thinking':
      return `thinking ${quoted(part.content)}${part.state === 'streaming' ? ' …' : ''}`
    case 'tool-call':
      return `${part.name}(${json(part.input)}) ${part.state}${part.output === undefined ? '' : ` → ${json(part.output)}`}${reason(part.error)}`
    case 'tool-result':
      return `result of ${part.toolCallId} ${json(part.content)}${reason(part.error)}`
    case 'interrupt':
      return `interrupt ${part.id} ${part.state}${part.message === undefined ? '' : ` ${quoted(part.message)}`}`
    case 'structured-output':
      return `structured output ${part.status} ${json(part.data ?? part.partial)}${reason(part.errorMessage)}`
    default: {
      const { type, ...rest } = part
      return `${type} ${json(rest)}`
    }
  }
}

const reason = (error: string | undefined): string => (error === undefined ? '' : `: ${clip(error)}`)
const quoted = (content: string): string => JSON.stringify(clip(content))
const json = (value: unknown): string => (value === undefined ? '' : clip(JSON.stringify(value)))
const clip = (content: string): string => (content.length > LONGEST ? `${content.slice(0, LONGEST)}…` : content)
