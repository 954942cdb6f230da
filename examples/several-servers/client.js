import { createChat, fetchServerSentEvents } from '@statechat/core'
import { persist } from '@statechat/core/persist'
import { shareTabs } from '@statechat/core/tabs'

const { thread: threadId } = document.getElementById('script').dataset
const [status, list, input] = ['status', 'messages', 'text'].map((id) => document.getElementById(id))

const chat = createChat({
  threadId,
  connection: fetchServerSentEvents('/api/chat', { resumable: true }),
  persist: persist({ storage: localStorage }),
  tabs: shareTabs(),
})

function show() {
  const { messages, phase, status: now, error } = chat.getSnapshot()
  status.textContent = error?.message ?? phase ?? now
  list.replaceChildren(
    ...messages.map(({ role, parts }) => {
      const row = document.createElement('p')
      row.dataset.role = role
      row.style.whiteSpace = 'pre-wrap'
      row.textContent = parts.map((part) => (part.type === 'text' ? part.content : '')).join('')
      return row
    }),
  )
}

chat.subscribe(show)
chat.attach()
show()

document.querySelector('form').addEventListener('submit', (event) => {
  event.preventDefault()
  const text = input.value.trim() || input.placeholder
  input.value = ''
  void chat.sendMessage(text)
})
document.getElementById('stop').addEventListener('click', () => void chat.stop())
