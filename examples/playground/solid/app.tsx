import { useChat } from '@statechat/solid'
import { createEffect, createSignal, For, onCleanup, Show } from 'solid-js'
import { toolsFor } from '../shared/chat-options.ts'
import { conversationOf } from '../shared/conversation.ts'
import { showDevtools } from '../shared/devtools.ts'
import { FRAMEWORKS } from '../shared/frameworks.ts'
import { Announcer } from './announcer.tsx'
import { Composer } from './composer.tsx'
import { ErrorBanner } from './error-banner.tsx'
import { MachineState } from './machine-state.tsx'
import { MessageList } from './message-list.tsx'
import { Queue } from './queue.tsx'

const conversation = conversationOf('solid')

export function App() {
  const [answersTools, setAnswersTools] = createSignal(false)
  const chat = useChat(() => ({ ...conversation, tools: toolsFor(answersTools()) }))
  createEffect(() => onCleanup(showDevtools(chat.chat)))
  return (
    <div class="app">
      <header>
        <div class="bar">
          <h1>statechat</h1>
          <nav aria-label="Frameworks">
            <For each={FRAMEWORKS}>
              {({ name, path }) => (
                <a href={path} aria-current={name === 'Solid' ? 'page' : undefined}>
                  {name}
                </a>
              )}
            </For>
          </nav>
          <label class="switch">
            <input type="checkbox" checked={answersTools()} onChange={(event) => setAnswersTools(event.currentTarget.checked)} />I answer the weather
            tool
          </label>
          <button type="button" class="quiet" onClick={() => chat.clear()} disabled={chat.messages.length === 0}>
            Clear
          </button>
        </div>
        <MachineState status={chat.status} phase={chat.phase} />
      </header>
      <main>
        <MessageList chat={chat} />
        <div class="dock">
          <Show when={chat.error}>{(error) => <ErrorBanner error={error()} onRetry={chat.canRetry ? () => void chat.retry() : undefined} />}</Show>
          <Queue items={chat.queue} isPaused={!chat.isLoading} onRemove={chat.unqueue} onResume={chat.resumeQueue} />
          <Composer isLoading={chat.isLoading} onSend={(text) => void chat.sendMessage(text)} onStop={chat.stop} />
        </div>
      </main>
      <Announcer status={chat.status} error={chat.error} last={chat.messages.at(-1)} />
    </div>
  )
}
