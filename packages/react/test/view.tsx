import { type Chat, type UIMessage, useChat, useChatSelector, type UseChatOptions } from '@statechat/react'
import { type Act, type Computed, jsonOf, textOf, textOfInterrupt, textOfPart, type ViewOptions } from '@statechat/conformance'
import { memo, type ReactNode, useLayoutEffect } from 'react'

/** Where a view leaves what the suite asks for. */
export interface Seen {
  act?: Act
  readonly computed: Computed
}

export const seeNothing = (): Seen => ({ computed: { status: 0, selector: 0, rows: {} } })

const Row = memo(function Row({ message, computed }: { message: UIMessage; computed: Computed }) {
  computed.rows[message.id] = (computed.rows[message.id] ?? 0) + 1
  return (
    <li data-id={message.id} data-role={message.role}>
      {message.parts.map((part, i) => (
        <span key={i} data-part={i}>
          {textOfPart(part)}
        </span>
      ))}
    </li>
  )
})

/** Reads `status` alone, through useChat. */
const Status = memo(function Status({ chat, computed }: { chat: Chat; computed: Computed }) {
  const { status } = useChat({ chat })
  computed.status++
  return <output>{status}</output>
})

const Selected = memo(function Selected({ chat, computed }: { chat: Chat; computed: Computed }) {
  const status = useChatSelector(chat, (snapshot) => snapshot.status)
  computed.selector++
  return <output>{status}</output>
})

/** Effects run from the first child on, so this one runs before any component of the view subscribes. */
function Before({ subscribe }: { subscribe: () => void }) {
  useLayoutEffect(subscribe, [subscribe])
  return null
}

interface ViewProps {
  options: ViewOptions
  seen?: Seen
  beforeSubscribe?: (() => void) | undefined
}

/** The view of the conformance suite. */
export function View({ options, seen = seeNothing(), beforeSubscribe }: ViewProps): ReactNode {
  const result = useChat(options as UseChatOptions)
  const { chat, messages, status, phase, isLoading, isReplaying, error, threadId, queue, interrupts, partial, final, state } = result
  const { computed } = seen
  seen.act = result
  return (
    <div
      data-status={status}
      data-phase={phase ?? ''}
      data-loading={isLoading}
      data-replaying={isReplaying}
      data-error={error?.code ?? ''}
      data-thread={threadId}
      data-partial={jsonOf(partial)}
      data-final={jsonOf(final)}
      data-state={jsonOf(state)}
    >
      {beforeSubscribe && <Before subscribe={beforeSubscribe} />}
      <ul>
        {messages.map((message) => (
          <Row key={message.id} message={message} computed={computed} />
        ))}
      </ul>
      <ol>
        {queue.map(({ id, message }) => (
          <li key={id}>{textOf(message)}</li>
        ))}
      </ol>
      <menu>
        {interrupts.map((interrupt) => (
          <li key={interrupt.id}>{textOfInterrupt(interrupt)}</li>
        ))}
      </menu>
      <Status chat={chat} computed={computed} />
      <Selected chat={chat} computed={computed} />
    </div>
  )
}
