import { isObject } from '../json.ts'
import { isTabMessage, type TabMessage } from './tab-message.ts'

/** What is used of the BroadcastChannel API. */
export interface Channel {
  postMessage(message: unknown): void
  onmessage: ((event: { data: unknown }) => void) | null
  close(): void
}

/** A message and the tab that it is from. */
export type Heard = (message: TabMessage, from: string) => void

export interface TabChannel {
  post(message: TabMessage): void
  /** Resolves when everything that was posted before has been heard here. */
  caughtUp(): Promise<void>
  close(): void
}

/** Of the form of the messages. Tabs of other forms do not hear each other. */
const FORM = 1

/** Messages of one tab to all others of its thread, and theirs to it. */
export function openChannel(open: (name: string) => Channel, name: string, me: string, onMessage: Heard): TabChannel {
  const channel = open(name)
  const send = channel.postMessage.bind(channel)
  let mirror: Channel | null = null
  let echoes = 0
  let isClosed = false
  const waiting = new Map<number, () => void>()

  channel.onmessage = ({ data }) => {
    if (!isObject(data) || data.form !== FORM || typeof data.from !== 'string') return
    const { message } = data
    if (isTabMessage(message) && message.type !== 'echo') onMessage(message, data.from)
  }

  /** A channel does not hear itself, but another one of the same page does. */
  function openMirror() {
    const opened = open(name)
    opened.onmessage = ({ data }) => {
      if (!isObject(data) || data.from !== me || !isTabMessage(data.message) || data.message.type !== 'echo') return
      waiting.get(data.message.count)?.()
      waiting.delete(data.message.count)
    }
    return opened
  }

  function post(message: TabMessage) {
    if (isClosed) return
    const envelope = { form: FORM, from: me, message }
    try {
      send(envelope)
    } catch {
      // Something in it cannot be cloned: what JSON has of it goes to the server, too.
      send(JSON.parse(JSON.stringify(envelope)))
    }
  }

  return {
    post,
    caughtUp() {
      mirror ??= openMirror()
      const count = echoes++
      if (isClosed) return Promise.resolve()
      return new Promise((resolve) => {
        waiting.set(count, resolve)
        post({ type: 'echo', count })
      })
    },
    close() {
      isClosed = true
      channel.close()
      mirror?.close()
      for (const resolve of waiting.values()) resolve()
    },
  }
}
