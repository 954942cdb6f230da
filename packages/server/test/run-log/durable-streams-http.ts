import { STREAM_CLOSED_HEADER, STREAM_OFFSET_HEADER, STREAM_UP_TO_DATE_HEADER } from '@durable-streams/client'
import { RunLogError } from '../../src/run-log/run-log-error.ts'

/** JSON items of a stream, and where to read on. */
export interface Page<T> {
  items: T[]
  offset: string
  isUpToDate: boolean
  isClosed: boolean
}

/** The requests of the Durable Streams protocol that a log needs: PUT creates, POST appends, GET reads. */
export function streamsAt(url: string, closing: AbortSignal) {
  async function request(path: string, init: RequestInit, signal?: AbortSignal): Promise<Response> {
    try {
      const signals = signal ? [closing, signal] : [closing]
      const response = await fetch(`${url}/${path}`, { ...init, signal: AbortSignal.any(signals) })
      if (response.status >= 500) throw new Error(`HTTP ${response.status}`)
      return response
    } catch (cause) {
      if (signal?.aborted) return Response.error()
      throw new RunLogError('unavailable', `The server of streams did not answer: ${String(cause)}`, { cause })
    }
  }
  const headers = { 'content-type': 'application/json' }
  const bodyOf = (item: unknown) => JSON.stringify([item])

  return {
    /** True for who created it. */
    async put(path: string, first?: unknown): Promise<boolean> {
      const { status } = await request(path, { method: 'PUT', headers, ...(first !== undefined && { body: bodyOf(first) }) })
      return status === 201
    },
    /** 200 or 204 (sent before, or without a producer), 403 (fenced), 404, 409 (closed). */
    async post<T>(path: string, item: T, more: Record<string, string> = {}): Promise<number> {
      const { status } = await request(path, { method: 'POST', headers: { ...headers, ...more }, body: bodyOf(item) })
      return status
    },
    /** All there is, or after a page what comes then: waits for it for a while if that was all. Undefined: no such stream, or aborted. */
    async read<T>(path: string, { after, signal }: { after?: Page<T> | undefined; signal?: AbortSignal } = {}): Promise<Page<T> | undefined> {
      const query = new URLSearchParams({ offset: after?.offset ?? '-1', ...(after?.isUpToDate && { live: 'long-poll' }) })
      const response = await request(`${path}?${query}`, {}, signal)
      if (!response.ok) return undefined
      const text = await response.text().catch(() => undefined)
      if (text === undefined) return undefined
      return {
        items: text === '' ? [] : (JSON.parse(text) as T[]),
        offset: response.headers.get(STREAM_OFFSET_HEADER) ?? after?.offset ?? '-1',
        isUpToDate: response.headers.get(STREAM_UP_TO_DATE_HEADER) === 'true' || response.status === 204,
        isClosed: response.headers.get(STREAM_CLOSED_HEADER) === 'true',
      }
    },
  }
}
