import { ChatError, isChatError, messageOf } from '../errors.ts'
import { ABORTED, untilAborted } from './until-aborted.ts'

/** A value, or a function that gives it for each request, now or later. */
export type Resolvable<T> = T | (() => T | PromiseLike<T>)

export type HeadersInput = Headers | Record<string, string | undefined> | readonly (readonly [string, string])[]

export interface RequestOptions {
  /** Added to those of the adapter, or in their place; names are case-insensitive. */
  headers?: HeadersInput | undefined
  /** Cookies for another origin: `'include'`. */
  credentials?: RequestCredentials | undefined
  /** In place of the global `fetch`. */
  fetch?: typeof globalThis.fetch | undefined
}

/** A request, ready to be sent: a POST, or without `body` a GET. */
export interface PostRequest<Options = RequestOptions> {
  url: string | URL
  options: Options
  /** The adapter's own headers. */
  headers: Record<string, string>
  body: Record<string, unknown> | undefined
  /** Statuses that say that what was asked for is not there: no answer then, and no error. */
  absent?: readonly number[] | undefined
  /** Goes on when the page is left; where that is possible. */
  keepalive?: boolean | undefined
  signal: AbortSignal
}

/**
 * Evaluates what the user gave as a value or a function; `undefined` when the run was aborted meanwhile.
 * What the user's function throws becomes `ChatError` `connection`.
 */
export async function resolveInput<T>(input: Resolvable<T>, what: string, signal: AbortSignal): Promise<T | undefined> {
  if (typeof input !== 'function') return input
  try {
    const value = await untilAborted((input as () => T | PromiseLike<T>)(), signal)
    return value === ABORTED ? undefined : value
  } catch (cause) {
    if (isChatError(cause)) throw cause
    throw new ChatError('connection', `The ${what} function of the connection threw: ${messageOf(cause)}`, { cause })
  }
}

/**
 * Sends the request and waits for the head of the answer, whatever its status; `undefined` when `signal` aborted first.
 * Throws `ChatError` `network` when there is no answer.
 */
export async function openRequest({ url, options, headers, body, keepalive, signal }: PostRequest): Promise<Response | undefined> {
  if (signal.aborted) return undefined
  const send = options.fetch ?? globalThis.fetch
  const init: RequestInit = { method: body ? 'POST' : 'GET', headers: mergeHeaders(headers, options.headers), signal }
  if (body) init.body = toJson(body)
  if (keepalive) init.keepalive = true
  if (options.credentials !== undefined) init.credentials = options.credentials
  try {
    const sent = send(url, init)
    const response = await untilAborted(sent, signal)
    if (response !== ABORTED) return response
    // An answer that comes after all must not keep its connection.
    void sent.then((late) => late.body?.cancel()).catch(() => {})
    return undefined
  } catch (cause) {
    if (signal.aborted) return undefined
    throw noAnswer(url, cause)
  }
}

/** The error for a request that nothing came back for. */
export function noAnswer(url: string | URL, cause: unknown): ChatError {
  const why = cause instanceof Error && cause.cause instanceof Error ? `${cause.message}: ${messageOf(cause.cause)}` : messageOf(cause)
  return new ChatError('network', `No answer from ${String(url)} (${why}). Is the server reachable, and does it allow this origin?`, { cause })
}

/** Theirs in place of ours. */
export function mergeHeaders(own: Record<string, string>, input: HeadersInput | undefined): Headers {
  const merged = new Headers(own)
  const entries = input === undefined ? [] : isIterable(input) ? input : Object.entries(input)
  try {
    for (const [name, value] of entries) if (value !== undefined) merged.set(name, value)
  } catch (cause) {
    throw new ChatError('connection', `The headers of the connection are not valid: ${messageOf(cause)}`, { cause, retryable: false })
  }
  return merged
}

function isIterable(input: HeadersInput): input is Headers | readonly (readonly [string, string])[] {
  return Symbol.iterator in input
}

/** Throws `ChatError` `connection` for what JSON cannot say. */
export function toJson(body: Record<string, unknown>): string {
  try {
    return JSON.stringify(body)
  } catch (cause) {
    throw new ChatError('connection', `The request cannot be written as JSON: ${messageOf(cause)}`, { cause, retryable: false })
  }
}
