import { type Act, type Computed, jsonOf, textOf, textOfInterrupt, textOfPart, type ViewOptions } from '@statechat/conformance'
import { type Chat, type UIMessage, useChat, useChatSelector, type UseChatOptions } from '@statechat/solid'
import { createRenderEffect, For, type JSX } from 'solid-js'

/** Where a view leaves what the suite asks for. */
export interface Seen {
  act?: Act
  readonly computed: Computed
}

export const seeNothing = (): Seen => ({ computed: { status: 0, selector: 0, rows: {} } })

function Row(props: { message: UIMessage; computed: Computed }) {
  createRenderEffect(() => {
    props.message.parts.forEach(textOfPart)
    props.computed.rows[props.message.id] = (props.computed.rows[props.message.id] ?? 0) + 1
  })
  return (
    <li data-id={props.message.id} data-role={props.message.role}>
      <For each={props.message.parts}>{(part, i) => <span data-part={i()}>{textOfPart(part)}</span>}</For>
    </li>
  )
}

/** Reads `status` alone, through useChat. */
function Status(props: { chat: Chat; computed: Computed }) {
  const chat = useChat(() => ({ chat: props.chat }))
  const read = () => {
    props.computed.status++
    return chat.status
  }
  return <output>{read()}</output>
}

function Selected(props: { chat: Chat; computed: Computed }) {
  const status = useChatSelector(
    () => props.chat,
    (snapshot) => snapshot.status,
  )
  const read = () => {
    props.computed.selector++
    return status()
  }
  return <output>{read()}</output>
}

interface ViewProps {
  options: ViewOptions
  seen?: Seen
  beforeSubscribe?: (() => void) | undefined
}

/** The view of the conformance suite. */
export function View(props: ViewProps): JSX.Element {
  const chat = useChat(() => props.options as UseChatOptions)
  const { computed } = Object.assign(props.seen ?? seeNothing(), { act: chat })
  return (
    <div
      data-status={chat.status}
      data-phase={chat.phase ?? ''}
      data-loading={String(chat.isLoading)}
      data-replaying={String(chat.isReplaying)}
      data-error={chat.error?.code ?? ''}
      data-thread={chat.threadId}
      data-partial={jsonOf(chat.partial)}
      data-final={jsonOf(chat.final)}
      data-state={jsonOf(chat.state)}
    >
      <ul>
        <For each={chat.messages}>{(message) => <Row message={message} computed={computed} />}</For>
      </ul>
      <ol>
        <For each={chat.queue}>{({ message }) => <li>{textOf(message)}</li>}</For>
      </ol>
      <menu>
        <For each={chat.interrupts}>{(interrupt) => <li>{textOfInterrupt(interrupt)}</li>}</For>
      </menu>
      <Status chat={chat.chat} computed={computed} />
      <Selected chat={chat.chat} computed={computed} />
      <Before subscribe={props.beforeSubscribe} />
    </div>
  )
}

/** All of the view has been made and read by now, and no effect has run. */
function Before(props: { subscribe: (() => void) | undefined }) {
  props.subscribe?.()
  return null
}
