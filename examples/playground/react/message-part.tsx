import type { MessagePart as Part } from '@statechat/react'
import { useMemo } from 'react'
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

export function MessagePart({ part, isUser, isAwaited, answers }: MessagePartProps) {
  switch (part.type) {
    case 'text':
      return isUser ? <p className="text">{part.content}</p> : <Markdown content={part.content} />
    case 'thinking':
      return (
        <details className="thinking" open={part.state === 'streaming'}>
          <summary>{part.state === 'streaming' ? 'Thinking…' : 'Thoughts'}</summary>
          <p>{part.content}</p>
        </details>
      )
    case 'tool-call':
      return <ToolCall part={part} isAwaited={isAwaited} answers={answers} />
    case 'interrupt':
      return <Interrupt part={part} answers={answers} />
    case 'structured-output':
      return <StructuredOutput part={part} />
    case 'source':
      return (
        <p className="source">
          Source: {part.url && /^https?:/.test(part.url) ? <a href={part.url}>{part.title ?? part.url}</a> : (part.title ?? part.id)}
        </p>
      )
    case 'image':
    case 'audio':
    case 'video':
    case 'document':
      return <p className="source">[{part.type}]</p>
    case 'activity':
      return <p className="source">[{part.activityType}]</p>
    case 'subagent':
      return (
        <p className="source">
          {part.name}: {part.state}
        </p>
      )
    case 'tool-result':
    case 'data':
      return null
  }
}

function Markdown({ content }: { content: string }) {
  const html = useMemo(() => toHtml(content), [content])
  return <div className="markdown" dangerouslySetInnerHTML={{ __html: html }} />
}
