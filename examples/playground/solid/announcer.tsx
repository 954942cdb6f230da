import type { ChatError, ChatStatus, UIMessage } from '@statechat/solid'
import { announcement } from '../shared/announcement.ts'

interface AnnouncerProps {
  status: ChatStatus
  error: ChatError | null
  last: UIMessage | undefined
}

export function Announcer(props: AnnouncerProps) {
  return (
    <div class="visually-hidden" role="status" aria-live="polite">
      {announcement(props.status, props.error, props.last)}
    </div>
  )
}
