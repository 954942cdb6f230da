import { ChatError } from '../errors.ts'
import type { Answer } from './answer.ts'
import type { ResponseHead } from './check-response.ts'
import { type HeadersInput, mergeHeaders, noAnswer, type PostRequest, toJson } from './open-request.ts'

export interface XhrRequestOptions {
  /** Added to those of the adapter, or in their place; names are case-insensitive. */
  headers?: HeadersInput | undefined
  /** Whether cookies go to another origin. Default false. */
  withCredentials?: boolean | undefined
  /** Makes the request object of each run. Default: `new XMLHttpRequest()`. */
  xhrFactory?: (() => XMLHttpRequest) | undefined
}

/**
 * Sends the request with XMLHttpRequest and waits for the head of the answer, whatever its status; `undefined` when `signal` aborted first.
 * Throws `ChatError` `network` when there is no answer. An XMLHttpRequest keeps the whole text of its answer until it is dropped.
 */
export async function openXhr({ url, options, headers, body, absent, signal }: PostRequest<XhrRequestOptions>): Promise<Answer | undefined> {
  if (signal.aborted) return undefined
  const xhr = createXhr(options)
  const all = mergeHeaders(headers, options.headers)
  const json = body && toJson(body)
  const progress = watch(xhr, signal)
  try {
    xhr.open(json === undefined ? 'GET' : 'POST', String(url))
    xhr.responseType = 'text'
    xhr.withCredentials = options.withCredentials ?? false
    all.forEach((value, name) => xhr.setRequestHeader(name, value))
    xhr.send(json)
    while (!signal.aborted) {
      const response = progress.head()
      if (response !== undefined && absent?.includes(response.status)) {
        progress.close()
        xhr.abort()
        return undefined
      }
      if (response !== undefined) return { response: { ...response, url: response.url || String(url) }, reads: progress.reads() }
      await progress.changed()
    }
    return undefined
  } catch (cause) {
    progress.close()
    throw noAnswer(url, cause)
  }
}

function createXhr({ xhrFactory }: XhrRequestOptions): XMLHttpRequest {
  if (xhrFactory) return xhrFactory()
  if (typeof XMLHttpRequest === 'function') return new XMLHttpRequest()
  throw new ChatError('connection', 'There is no XMLHttpRequest here. Pass xhrFactory, or use one of the adapters that fetch.', { retryable: false })
}

const HEADERS_RECEIVED = 2
const LOADING = 3

/** Follows a request from before `open()` on; the abort of `signal` aborts it. */
function watch(xhr: XMLHttpRequest, signal: AbortSignal) {
  const encoder = new TextEncoder()
  let pending = ''
  let taken = 0
  let head: ResponseHead | undefined
  let isDone = false
  let failure: Error | undefined
  let wake = () => {}

  const take = (end: (text: string) => number): void => {
    // In some engines each look at the text copies it: one a read, and none in between.
    const text = xhr.responseText
    const until = end(text)
    if (until <= taken) return
    pending += text.slice(taken, until)
    taken = until
  }
  const fail = (message: string) => () => {
    failure = new Error(message)
    wake()
  }
  function close(): void {
    signal.removeEventListener('abort', close)
    xhr.onreadystatechange = xhr.onload = xhr.onerror = xhr.ontimeout = xhr.onabort = null
    if (!isDone && failure === undefined) xhr.abort()
    wake()
  }

  // Set before `send()`: React Native delivers the text in pieces only to a request that somebody watches.
  xhr.onreadystatechange = () => {
    // Kept from here on: a request that fails forgets its answer.
    if (xhr.readyState >= HEADERS_RECEIVED && xhr.status !== 0) head ??= headOf(xhr)
    if (xhr.readyState === LOADING) take(safeEnd)
    wake()
  }
  xhr.onload = () => {
    head ??= headOf(xhr)
    take((text) => text.length)
    isDone = true
    wake()
  }
  xhr.onerror = fail('the connection failed')
  xhr.ontimeout = fail('it took too long')
  xhr.onabort = fail('the request was aborted')
  signal.addEventListener('abort', close, { once: true })

  const changed = (): Promise<void> => new Promise((resolve) => (wake = resolve))
  return {
    close,
    changed,
    head(): ResponseHead | undefined {
      if (head === undefined && failure !== undefined) throw failure
      return head
    },
    async *reads(): AsyncGenerator<Uint8Array, void, void> {
      try {
        while (!signal.aborted) {
          const text = pending
          pending = ''
          if (text !== '') yield encoder.encode(text)
          else if (failure !== undefined) throw failure
          else if (isDone) return
          else await changed()
        }
      } finally {
        close()
      }
    },
  }
}

/**
 * Where the text surely ends: some engines show a character that has not come as a whole as U+FFFD, or as half a surrogate pair,
 * and correct it with the next read.
 */
function safeEnd(text: string): number {
  let end = text.length
  while (end > 0 && isUnsure(text.charCodeAt(end - 1))) end -= 1
  return end
}

const isUnsure = (code: number): boolean => code === 0xfffd || (code >= 0xd800 && code < 0xdc00)

function headOf(xhr: XMLHttpRequest): ResponseHead {
  const headers = new Headers()
  for (const line of xhr.getAllResponseHeaders().split('\n')) {
    const colon = line.indexOf(':')
    if (colon > 0) headers.append(line.slice(0, colon).trim(), line.slice(colon + 1).trim())
  }
  return { status: xhr.status, statusText: xhr.statusText, url: xhr.responseURL, headers }
}
