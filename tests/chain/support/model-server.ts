import type { IncomingMessage, ServerResponse } from 'node:http'
import { bodyOf, serveNode } from './serve.ts'

/** One request to the model, answered by hand. */
export interface ModelCall {
  body: Record<string, unknown>
  headers: IncomingMessage['headers']
  /** Sends pieces of text as chunks of a completion. */
  say(...pieces: string[]): void
  /** Sends one delta. */
  delta(delta: Record<string, unknown>): void
  /** Sends what is given, as it is. */
  raw(text: string): void
  finish(reason?: string): void
  /** Ends the stream, whatever it has said. */
  end(): void
  /** Resolves when the other side has closed the connection. */
  closed: Promise<void>
}

/** A model server of our own that speaks chat completions; a test answers each call as it comes. */
export async function modelServer() {
  const waiting: ((call: ModelCall) => void)[] = []
  const calls: ModelCall[] = []
  const url = await serveNode(async (request, response) => {
    const call = toCall(request, response, await bodyOf(request))
    const take = waiting.shift()
    if (take) take(call)
    else calls.push(call)
  })
  return {
    url,
    /** The next call, now or when it comes. */
    next: (): Promise<ModelCall> => {
      const call = calls.shift()
      return call ? Promise.resolve(call) : new Promise((resolve) => waiting.push(resolve))
    },
  }
}

const DONE = 'data: [DONE]\n\n'

function toCall({ headers }: IncomingMessage, response: ServerResponse, body: Record<string, unknown>): ModelCall {
  const raw = (text: string) => {
    if (!response.headersSent) response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(text)
  }
  const choice = (delta: object, reason: string | null) =>
    raw(
      `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', model: 'm', choices: [{ index: 0, delta, finish_reason: reason }] })}\n\n`,
    )
  return {
    body,
    headers,
    raw,
    delta: (delta) => choice(delta, null),
    say: (...pieces) => pieces.forEach((content) => choice({ content }, null)),
    finish(reason = 'stop') {
      choice({}, reason)
      response.end(DONE)
    },
    end: () => void response.end(DONE),
    closed: new Promise((resolve) => response.on('close', resolve)),
  }
}
