import { type ChatWarning, type ConnectContext, type Connection, createChat, type TurnResult, type UIMessage } from '@statechat/core'
import type { Client, Turn } from './peer.ts'

export interface ChatClient extends Client {
  dispose(): void
}

/** A client where this runs: in Node or in a browser. */
export function chatClient(connection: Connection): ChatClient {
  const warnings: ChatWarning[] = []
  const chat = createChat({ connection, onWarning: (warning) => void warnings.push(warning) })
  const last = () => chat.messages.get().at(-1)
  return {
    send: (text) => turn(chat.sendMessage(text)),
    retry: () => turn(chat.retry()),
    sendAndStop(text) {
      const running = turn(chat.sendMessage(text))
      chat.stop()
      return running
    },
    stop: async () => chat.stop(),
    untilSaid: (text) =>
      new Promise((resolve) => {
        const look = () => {
          if (last()?.role !== 'assistant' || !textOf(last()).includes(text)) return
          unsubscribe()
          resolve()
        }
        const unsubscribe = chat.subscribe(look)
        look()
      }),
    async state() {
      const messages = chat.messages.get().map((message) => `${message.role}: ${textOf(message)}`)
      return { status: chat.getSnapshot().status, messages, openParts: openParts(chat.messages.get()), warnings: warnings.length }
    },
    read: (pace) => readRun(connection, pace),
    dispose: () => chat.dispose(),
  }
}

async function turn(running: Promise<TurnResult>): Promise<Turn> {
  const { outcome, message, error } = await running
  const shown = error && {
    code: error.code,
    status: error.status,
    retryable: error.retryable,
    retryAfter: error.retryAfter,
    serverCode: error.serverCode,
  }
  return { outcome, text: textOf(message), error: shown }
}

const textOf = (message: UIMessage | undefined): string => (message?.parts ?? []).map((part) => (part.type === 'text' ? part.content : '')).join('')

/** The states of parts that are not finished; there are none outside a turn. */
const openParts = (messages: readonly UIMessage[]): string[] =>
  messages.flatMap(({ parts }) => parts).flatMap((part) => ('state' in part && String(part.state).includes('streaming') ? [String(part.state)] : []))

let runs = 0

async function readRun(connection: Connection, pace?: 'slow'): Promise<Turn> {
  let text = ''
  try {
    for await (const read of connection.connect([], undefined, new AbortController().signal, contextOf(`run-${++runs}`))) {
      for (const chunk of Array.isArray(read) ? read : [read]) if (chunk.type === 'TEXT_MESSAGE_CONTENT') text += chunk.delta
      if (pace === 'slow') for (let turn = 0; turn < 5; turn++) await new Promise<void>(macrotask)
    }
    return { outcome: 'finished', text }
  } catch (error) {
    const { code, retryable, status } = error as { code: string; retryable: boolean; status?: number }
    return { outcome: 'failed', text, error: { code, retryable, status } }
  }
}

/** In a browser too. */
function macrotask(resolve: () => void): void {
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = () => {
    port1.close()
    resolve()
  }
  port2.postMessage(null)
}

function contextOf(runId: string): ConnectContext {
  const threadId = 'thread'
  const messages = [{ id: 'u', role: 'user' as const, content: 'Hello' }]
  const input = { threadId, runId, state: {}, messages, tools: [], context: [], forwardedProps: {} }
  return { threadId, runId, input, clientTools: [], onCursor: () => {}, onWarning: () => {} }
}
