import { useChat } from '@statechat/react'
import { useEffect, useState } from 'react'
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

const conversation = conversationOf('react')

export function App() {
  const [answersTools, setAnswersTools] = useState(false)
  const chat = useChat({ ...conversation, tools: toolsFor(answersTools) })
  useEffect(() => showDevtools(chat.chat), [chat.chat])
  return (
    <div className="app">
      <header>
        <div className="bar">
          <h1>statechat</h1>
          <nav aria-label="Frameworks">
            {FRAMEWORKS.map(({ name, path }) => (
              <a key={path} href={path} aria-current={name === 'React' ? 'page' : undefined}>
                {name}
              </a>
            ))}
          </nav>
          <label className="switch">
            <input type="checkbox" checked={answersTools} onChange={(event) => setAnswersTools(event.target.checked)} />I answer the weather tool
          </label>
          <button type="button" className="quiet" onClick={() => chat.clear()} disabled={chat.messages.length === 0}>
            Clear
          </button>
        </div>
        <MachineState status={chat.status} phase={chat.phase} />
      </header>
      <main>
        <MessageList chat={chat} />
        <div className="dock">
          {chat.error && <ErrorBanner error={chat.error} onRetry={chat.canRetry ? () => void chat.retry() : undefined} />}
          <Queue items={chat.queue} isPaused={!chat.isLoading} onRemove={chat.unqueue} onResume={chat.resumeQueue} />
          <Composer isLoading={chat.isLoading} onSend={(text) => void chat.sendMessage(text)} onStop={chat.stop} />
        </div>
      </main>
      <Announcer status={chat.status} error={chat.error} last={chat.messages.at(-1)} />
    </div>
  )
}
