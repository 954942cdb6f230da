import { type Chunk, createSseDecoder } from '@statechat/core/wire'

export interface RunId {
  runId: string
  threadId: string
}

export const urlOf = (port: number, query: Record<string, string> = {}): string => {
  const search = new URLSearchParams(query).toString()
  return `http://127.0.0.1:${port}/api/chat${search && `?${search}`}`
}

/** The body of a request, as a chat sends it. */
export const question = (run: RunId, content = 'How is it?') => ({
  ...run,
  messages: [{ id: 'question', role: 'user', content }],
  tools: [],
  context: [],
  state: null,
  forwardedProps: {},
})

export const post = (port: number, body: unknown, init: RequestInit = {}): Promise<Response> =>
  fetch(urlOf(port), {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify(body),
    ...init,
  })

export const get = (port: number, query: Record<string, string>): Promise<Response> =>
  fetch(urlOf(port, query), { headers: { accept: 'text/event-stream' } })

export async function cancel(port: number, { runId, threadId }: RunId): Promise<{ status: number; answer: unknown }> {
  const response = await fetch(urlOf(port, { cancel: runId, threadId }), { method: 'POST' })
  return { status: response.status, answer: await response.json() }
}

/** All events of an answer, with their positions. Throws for an answer that is none, or that breaks off. */
export async function eventsOf(response: Response): Promise<{ id: string | undefined; chunk: Chunk }[]> {
  if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`)
  const decoder = createSseDecoder()
  const bytes = new Uint8Array(await response.arrayBuffer())
  return [...decoder.feed(bytes), ...decoder.end()].map(({ id, data }) => ({ id, chunk: JSON.parse(data) as Chunk }))
}
