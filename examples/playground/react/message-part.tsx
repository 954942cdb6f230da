import type { MessagePart as Part } from '@statechat/react'
import { useMemo } from 'react'
import { toHtml } from '../shared/markdown.ts'
import { ToolCall, type OnResult } from './tool-call.tsx'

interface MessagePartProps {
  part: Part
  isUser: boolean
  isAwaited: boolean
  onResult: OnResult
}

export function MessagePart({ part, isUser, isAwaited, onResult }: MessagePartProps) {
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
      return <ToolCall part={part} isAwaited={isAwaited} onResult={onResult} />
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
    case 'tool-result':
    case 'data':
      return null
  }
}

function Markdown({ content }: { content: string }) {
  const html = useMemo(() => toHtml(content), [content])
  return <div className="markdown" dangerouslySetInnerHTML={{ __html: html }} />
}
