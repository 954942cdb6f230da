/** The least that any client does: eventsource-parser, JSON.parse, one change of the text per frame. */
import { createParser } from 'eventsource-parser'
import { QUESTION } from '../shared/asked.js'
import { ready } from '../shared/bench.js'
import { earlierMessages } from '../shared/messages.js'
import { agUi } from '../shared/protocols.js'

const list = document.createElement('main')
list.id = 'list'

function addRow({ id, role, text }) {
  const row = document.createElement('article')
  row.className = `message ${role}`
  row.dataset.id = id
  const shown = row.appendChild(document.createElement('p'))
  shown.className = 'text'
  list.append(row)
  return shown.appendChild(document.createTextNode(text))
}

function addCounter() {
  const header = document.createElement('header')
  const button = header.appendChild(document.createElement('button'))
  button.id = 'urgent'
  button.textContent = 'Count'
  const output = header.appendChild(document.createElement('output'))
  output.id = 'count'
  let count = 0
  output.textContent = count
  button.onclick = () => (output.textContent = ++count)
  return header
}

let turns = 0

async function send() {
  addRow({ id: `question-${++turns}`, role: 'user', text: QUESTION })
  let shown
  let waiting = ''
  let frame = 0
  function show() {
    frame = 0
    shown.appendData(waiting)
    waiting = ''
  }
  const parser = createParser({
    onEvent({ data }) {
      const event = JSON.parse(data)
      if (event.type === 'TEXT_MESSAGE_START') shown = addRow({ id: event.messageId, role: 'assistant', text: '' })
      if (event.type !== 'TEXT_MESSAGE_CONTENT') return
      waiting += event.delta
      frame ||= requestAnimationFrame(show)
    },
  })
  const decoder = new TextDecoder()
  const reader = (await fetch('/api/chat', { method: 'POST' })).body.getReader()
  for (let read = await reader.read(); !read.done; read = await reader.read()) parser.feed(decoder.decode(read.value, { stream: true }))
}

for (const { parts, ...message } of earlierMessages((text) => text)) addRow({ ...message, text: parts[0] })
document.querySelector('#root').append(addCounter(), list)
ready({ protocol: agUi, send })
