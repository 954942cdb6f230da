import type { MessagePart as Part } from '@statechat/solid'
import type { Answers } from '../shared/answers.ts'
import { toHtml } from '../shared/markdown.ts'
import { Interrupt } from './interrupt.tsx'
import { StructuredOutput } from './structured-output.tsx'
import { ToolCall } from './tool-call.tsx'

interface MessagePartProps {
  part: Part
  isUser: boolean
  isAwaited: boolean
  answers: Answers
}

/** A part never becomes one of another type: that would be another part, with an element of its own. */
export function MessagePart(props: MessagePartProps) {
  const { part } = props
  switch (part.type) {
    case 'text':
      return props.isUser ? <p class="text">{part.content}</p> : <div class="markdown" innerHTML={toHtml(part.content)} />
    case 'thinking':
      return (
        <details class="thinking" open={part.state === 'streaming'}>
          <summary>{part.state === 'streaming' ? 'Thinking…' : 'Thoughts'}</summary>
          <p>{part.content}</p>
        </details>
      )
    case 'tool-call':
      return <ToolCall part={part} isAwaited={props.isAwaited} answers={props.answers} />
    case 'interrupt':
      return <Interrupt part={part} answers={props.answers} />
    case 'structured-output':
      return <StructuredOutput part={part} />
    case 'source':
      return (
        <p class="source">
          Source: {part.url && /^https?:/.test(part.url) ? <a href={part.url}>{part.title ?? part.url}</a> : (part.title ?? part.id)}
        </p>
      )
    case 'image':
    case 'audio':
    case 'video':
    case 'document':
      return <p class="source">[{part.type}]</p>
    case 'activity':
      return <p class="source">[{part.activityType}]</p>
    case 'subagent':
      return (
        <p class="source">
          {part.name}: {part.state}
        </p>
      )
    case 'tool-result':
    case 'data':
      return null
  }
}
