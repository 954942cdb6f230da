import type { UIMessage, UseChatResult } from '@statechat/solid'
import { createSignal, For, Show } from 'solid-js'
import { EditMessage } from './edit-message.tsx'
import { MessagePart } from './message-part.tsx'

interface MessageProps {
  message: UIMessage
  chat: UseChatResult
  /** `2/3`, or empty. */
  version: string
  canAnswerAgain: boolean
  canEdit: boolean
  isAwaited: boolean
}

export function Message(props: MessageProps) {
  const [isEditing, setEditing] = createSignal(false)
  const isUser = () => props.message.role === 'user'
  return (
    <article class={`message ${props.message.role}`} data-id={props.message.id} aria-label={isUser() ? 'You' : 'Assistant'}>
      <Show
        when={isEditing()}
        fallback={
          <div class="parts">
            <For each={props.message.parts}>
              {(part) => <MessagePart part={part} isUser={isUser()} isAwaited={props.isAwaited} answers={props.chat} />}
            </For>
          </div>
        }
      >
        <EditMessage
          message={props.message}
          onCancel={() => setEditing(false)}
          onSave={(text) => {
            setEditing(false)
            void props.chat.edit(props.message.id, text)
          }}
        />
      </Show>
      <div class="actions">
        <Show when={props.version}>
          <Versions message={props.message} chat={props.chat} version={props.version} />
        </Show>
        <Show when={isUser() && props.canEdit && !isEditing()}>
          <button type="button" class="quiet" onClick={() => setEditing(true)}>
            Edit
          </button>
        </Show>
        <Show when={props.canAnswerAgain}>
          <button type="button" class="quiet" onClick={() => void props.chat.reload()}>
            Answer again
          </button>
        </Show>
      </div>
    </article>
  )
}

function Versions(props: Pick<MessageProps, 'message' | 'chat' | 'version'>) {
  function show(step: number) {
    const versions = props.chat.branches(props.message.id)
    const to = versions[versions.findIndex(({ id }) => id === props.message.id) + step]
    if (to) props.chat.selectBranch(to.id)
  }
  const at = () => props.version.split('/')[0]
  const of = () => props.version.split('/')[1]
  return (
    <span class="versions" role="group" aria-label={`Version ${at()} of ${of()}`}>
      <button type="button" class="quiet" onClick={() => show(-1)} disabled={at() === '1'} aria-label="Previous version">
        ‹
      </button>
      {props.version}
      <button type="button" class="quiet" onClick={() => show(1)} disabled={at() === of()} aria-label="Next version">
        ›
      </button>
    </span>
  )
}
