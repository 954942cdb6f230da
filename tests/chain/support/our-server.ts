import { ai, type Chunk, isChatRequestError, type ModelAdapter, parseChatRequest, toHttpStreamResponse, toStreamResponse } from '@statechat/server'
import { type Connection, type FetchConnectionOptions, fetchHttpStream, fetchServerSentEvents } from '@statechat/core'
import { serveWeb } from './serve.ts'

/** Both framings: how our server writes them and how our client reads them. */
export const FRAMINGS = [
  { name: 'server-sent events', respond: toStreamResponse, connect: fetchServerSentEvents },
  { name: 'newline-delimited JSON', respond: toHttpStreamResponse, connect: fetchHttpStream },
] as const

export type FramingCase = (typeof FRAMINGS)[number]

export interface OurServer {
  url: string
  /** What the model threw, in full: what a log would hold. */
  failures: unknown[]
  connect(url?: string, options?: FetchConnectionOptions): Connection
}

/** Our server as the README shows it, with one model behind it; `pass` may change what it streams. */
export async function ourServer(
  adapter: ModelAdapter,
  { respond, connect }: FramingCase = FRAMINGS[0],
  pass: (chunks: AsyncIterable<Chunk>) => AsyncIterable<Chunk> = (chunks) => chunks,
): Promise<OurServer> {
  const failures: unknown[] = []
  const model = ai(adapter, { onError: (error) => void failures.push(error) })
  const url = await serveWeb(async (request) => {
    try {
      const { messages, tools, threadId, runId, parentRunId, resume } = await parseChatRequest(request)
      return respond(pass(model.chat({ messages, tools, threadId, runId, parentRunId, resume })), { signal: request.signal })
    } catch (error) {
      if (isChatRequestError(error)) return error.toResponse()
      throw error
    }
  })
  return { url, failures, connect: (at = url, options = {}) => connect(at, options) }
}
