import { chatHandler, type ChatHandlerOptions } from '../../src/index.ts'
import { serve } from './http.ts'

/** A `chatHandler` behind a real HTTP server, and its client. */
export async function chatServer(options: Omit<ChatHandlerOptions, 'authorize'> & Partial<Pick<ChatHandlerOptions, 'authorize'>>) {
  const url = await serve(chatHandler({ authorize: () => true, onError: () => {}, ...options }))
  return chatClient(url)
}

export const body = (runId = 'r', threadId = 't', text = 'hello') => ({ runId, threadId, messages: [{ id: 'u', role: 'user', content: text }] })

export function chatClient(url: string) {
  const withId = (lastEventId: string | undefined): Record<string, string> => (lastEventId === undefined ? {} : { 'last-event-id': lastEventId })
  return {
    url,
    post: (
      request: unknown = body(),
      { lastEventId, headers, signal }: { lastEventId?: string; headers?: Record<string, string>; signal?: AbortSignal } = {},
    ) =>
      fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...withId(lastEventId), ...headers },
        body: typeof request === 'string' ? request : JSON.stringify(request),
        ...(signal && { signal }),
      }),
    join: (query = 'runId=r', { lastEventId, headers }: { lastEventId?: string; headers?: Record<string, string> } = {}) =>
      fetch(`${url}?${query}`, { headers: { ...withId(lastEventId), ...headers } }),
    active: (threadId = 't') => fetch(`${url}?threadId=${threadId}`),
    cancel: (runId = 'r', threadId: string | null = 't') =>
      fetch(`${url}?cancel=${runId}${threadId === null ? '' : `&threadId=${threadId}`}`, { method: 'POST' }),
  }
}
