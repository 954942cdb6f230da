import { getRequestListener } from '@hono/node-server'
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import type { AddressInfo, Server } from 'node:net'
import { onTestFinished } from 'vitest'

/** A real HTTP server on loopback for the length of the test. Gives its address. */
export async function serveNode(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await listen(server)
  onTestFinished(async () => {
    const closed = new Promise((resolve) => server.close(resolve))
    server.closeAllConnections()
    await closed
  })
  return addressOf(server)
}

/** The same for a handler of Web requests. */
export const serveWeb = (handler: (request: Request) => Response | Promise<Response>): Promise<string> => serveNode(getRequestListener(handler))

/** A server that answers each request with the next of these; the last one again when there are no more. Notes what was asked. */
export async function serveEach(...answers: ((response: ServerResponse, request: IncomingMessage) => unknown)[]) {
  const bodies: Record<string, unknown>[] = []
  const url = await serveNode(async (request, response) => {
    const asked = bodies.push(await bodyOf(request))
    await answers[Math.min(asked, answers.length) - 1]!(response, request)
  })
  return { url, bodies }
}

export function listen(server: Server): Promise<void> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
}

export const addressOf = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`

export async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = ''
  for await (const part of request.setEncoding('utf8')) text += String(part)
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>)
}

/** Writes values as server-sent events, text as it is, by hand: what a server without a library does. */
export function writeSse(response: ServerResponse, ...values: unknown[]): void {
  if (!response.headersSent) response.writeHead(200, { 'content-type': 'text/event-stream' })
  for (const value of values) response.write(`data: ${typeof value === 'string' ? value : JSON.stringify(value)}\n\n`)
}

export const sseThenEnd =
  (...values: unknown[]) =>
  (response: ServerResponse): void => {
    writeSse(response, ...values)
    response.end()
  }
