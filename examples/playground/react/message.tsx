import type { Chat, UIMessage } from '@statechat/react'
import { memo, useState } from 'react'
import { EditMessage } from './edit-message.tsx'
import { MessagePart } from './message-part.tsx'

interface MessageProps {
  message: UIMessage
  chat: Chat
  /** `2/3`, or empty. */
  version: string
  canAnswerAgain: boolean
  canEdit: boolean
  isAwaited: boolean
}

/** A finished message keeps its identity, so memo never renders it again while another one streams. */
export const Message = memo(function Message({ message, chat, version, canAnswerAgain, canEdit, isAwaited }: MessageProps) {
  const [isEditing, setEditing] = useState(false)
  const isUser = message.role === 'user'
  return (
    <article className={`message ${message.role}`} data-id={message.id} aria-label={isUser ? 'You' : 'Assistant'}>
      {isEditing ? (
        <EditMessage
          message={message}
          onCancel={() => setEditing(false)}
          onSave={(text) => {
            setEditing(false)
            void chat.edit(message.id, text)
          }}
        />
      ) : (
        <div className="parts">
          {message.parts.map((part, index) => (
            <MessagePart key={index} part={part} isUser={isUser} isAwaited={isAwaited} answers={chat} />
          ))}
        </div>
      )}
      <div className="actions">
        {version && <Versions message={message} chat={chat} version={version} />}
        {isUser && canEdit && !isEditing && (
          <button type="button" className="quiet" onClick={() => setEditing(true)}>
            Edit
          </button>
        )}
        {canAnswerAgain && (
          <button type="button" className="quiet" onClick={() => void chat.reload()}>
            Answer again
          </button>
        )}
      </div>
    </article>
  )
})

function Versions({ message, chat, version }: Pick<MessageProps, 'message' | 'chat' | 'version'>) {
  function show(step: number) {
    const versions = chat.branches(message.id)
    const to = versions[versions.findIndex(({ id }) => id === message.id) + step]
    if (to) chat.selectBranch(to.id)
  }
  const [at, of] = version.split('/')
  return (
    <span className="versions" role="group" aria-label={`Version ${at} of ${of}`}>
      <button type="button" className="quiet" onClick={() => show(-1)} disabled={at === '1'} aria-label="Previous version">
        ‹
      </button>
      {version}
      <button type="button" className="quiet" onClick={() => show(1)} disabled={at === of} aria-label="Next version">
        ›
      </button>
    </span>
  )
}
