import type { MessagePart, UIMessage } from '@statechat/core'

/**
 * Messages as text, one line each: `"text"`, `~thought~`, `tool(arguments) state = output`, `KIND{content}` for an activity,
 * `<subagent state>`, `?reason state?`. An owner follows as `@owner`, metadata as `#{…}`, a sealed value as `[sealed]`,
 * and `…` says that something is still open.
 */
export const show = (messages: readonly UIMessage[]): string[] =>
  messages.map(({ role, name, metadata, parts }) => {
    const of = name === undefined ? role : `${role} ${name}`
    return `${of}: ${parts.flatMap((part) => showPart(part, parts)).join(' ')}${tagged(metadata)}`.trim()
  })

function showPart(part: MessagePart, parts: readonly MessagePart[]): string | [] {
  switch (part.type) {
    case 'text':
      return `${JSON.stringify(part.content)}${openness(part.state)}${owner(part)}${seal(part.encryptedValue)}${tagged(part.metadata)}`
    case 'thinking':
      return `~${part.content}~${openness(part.state)}${owner(part)}${seal(part.signature)}${tagged(part.metadata)}`
    case 'tool-call': {
      const answer = part.state === 'complete' ? ` = ${JSON.stringify(part.output)}` : part.state === 'error' ? ` ! ${part.error}` : ''
      return `${part.name}(${part.arguments}) ${part.state}${answer}${owner(part)}${seal(part.encryptedValue)}${tagged(part.metadata)}`
    }
    case 'tool-result': {
      const isShown = parts.some((other) => other.type === 'tool-call' && other.id === part.toolCallId)
      return isShown ? (part.metadata ? `result${tagged(part.metadata)}` : []) : `result of ${part.toolCallId} ${JSON.stringify(part.content)}`
    }
    case 'activity':
      return `${part.activityType}${JSON.stringify(part.content)}${owner(part)}${tagged((part as { metadata?: unknown }).metadata)}`
    case 'subagent': {
      const { name, state, parentId, toolCallId, result, error } = part
      const more = [parentId && `by ${parentId}`, toolCallId && `for ${toolCallId}`, result !== undefined && JSON.stringify(result), error]
      return `<${[name, state, ...more].filter(Boolean).join(' ')}>`
    }
    case 'interrupt':
      return `?${part.reason} ${part.state}?`
    case 'image':
    case 'audio':
    case 'video':
    case 'document':
      return `(${part.type} ${part.source.value})`
    default:
      return part.type
  }
}

const openness = (state: string | undefined): string => (state === 'streaming' ? '…' : '')
const owner = ({ subagentRunId }: { subagentRunId?: string | undefined }): string => (subagentRunId === undefined ? '' : `@${subagentRunId}`)
const seal = (value: string | undefined): string => (value === undefined ? '' : `[${value}]`)
const tagged = (metadata: unknown): string => (metadata === undefined ? '' : `#${JSON.stringify(metadata)}`)
