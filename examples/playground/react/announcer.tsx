import type { ChatError, ChatStatus, UIMessage } from '@statechat/react'
import { announcement } from '../shared/announcement.ts'

export function Announcer({ status, error, last }: { status: ChatStatus; error: ChatError | null; last: UIMessage | undefined }) {
  return (
    <div className="visually-hidden" role="status" aria-live="polite">
      {announcement(status, error, last)}
    </div>
  )
}
