import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import type { ChatWarning } from '../errors.ts'
import type { Chunk } from '../protocol/chunk.ts'
import type { ConnectContext, Connection } from './connection.ts'
import { readConnection } from './read-connection.ts'

/** A real server on loopback for one test. Gives its URL. */
export async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/chat`
}

export async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = ''
  for await (const part of request) text += String(part)
  return JSON.parse(text) as Record<string, unknown>
}

export function sse(response: ServerResponse, ...values: unknown[]): void {
  if (!response.headersSent) response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' })
  for (const value of values) response.write(`data: ${typeof value === 'string' ? value : JSON.stringify(value)}\n\n`)
}

export function ndjson(response: ServerResponse, ...values: unknown[]): void {
  if (!response.headersSent) response.writeHead(200, { 'content-type': 'application/x-ndjson' })
  for (const value of values) response.write(`${JSON.stringify(value)}\n`)
}

/** A whole run of one text message. */
export function run(...deltas: string[]): Chunk[] {
  return [
    { type: 'RUN_STARTED', threadId: 'thread-1', runId: 'run-1' },
    { type: 'TEXT_MESSAGE_START', messageId: 'm1' },
    ...deltas.map((delta): Chunk => ({ type: 'TEXT_MESSAGE_CONTENT', messageId: 'm1', delta })),
    { type: 'TEXT_MESSAGE_END', messageId: 'm1' },
    { type: 'RUN_FINISHED', threadId: 'thread-1', runId: 'run-1', metadata: { finishReason: 'stop' } },
  ]
}

export function contextFor(overrides: Partial<ConnectContext> = {}): ConnectContext & { warnings: ChatWarning[] } {
  const warnings: ChatWarning[] = []
  const input = { threadId: 'thread-1', runId: 'run-1', state: {}, messages: [], tools: [], context: [], forwardedProps: {} }
  return {
    threadId: 'thread-1',
    runId: 'run-1',
    input,
    clientTools: [],
    onCursor: () => {},
    onWarning: (warning) => warnings.push(warning),
    ...overrides,
    warnings,
  }
}

export interface Reading {
  /** One array for each network read. */
  reads: (readonly Chunk[])[]
  chunks: Chunk[]
  text: string
  warnings: ChatWarning[]
  error?: unknown
}

export interface ReadOptions {
  signal?: AbortSignal
  data?: Record<string, unknown>
  context?: Partial<ConnectContext>
  /** Called after each read. */
  onRead?: (chunks: readonly Chunk[]) => void
}

/** Reads one run to its end, the way the run actor does; an error is part of the answer. */
export async function read(connection: Connection, options: ReadOptions = {}): Promise<Reading> {
  const context = contextFor(options.context)
  const reading: Reading = { reads: [], chunks: [], text: '', warnings: context.warnings }
  try {
    const signal = options.signal ?? new AbortController().signal
    for await (const chunks of readConnection(connection, [], options.data, signal, context)) {
      reading.reads.push(chunks)
      reading.chunks.push(...chunks)
      options.onRead?.(chunks)
    }
  } catch (error) {
    reading.error = error
  }
  reading.text = textOf(reading.chunks)
  return reading
}

function textOf(chunks: readonly Chunk[]): string {
  return chunks.map((chunk) => (chunk.type === 'TEXT_MESSAGE_CONTENT' ? chunk.delta : '')).join('')
}
