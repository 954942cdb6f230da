import { ChatError } from '../errors.ts'
import { readBytes } from './read-bytes.ts'
import { readText } from './read-text.ts'
import { retryAfterOf } from './retry-after.ts'

/** What is known of an answer before its body; a `Response` has it all. */
export type ResponseHead = Pick<Response, 'status' | 'statusText' | 'url'> & { headers: Pick<Headers, 'get'> }

/**
 * The body of an answer that can be a stream of one of these content types.
 * Throws `ChatError` `http` for a status outside 200–299, `bad_response` for an empty body or another content type.
 */
export async function checkResponse(response: Response, contentTypes: readonly string[], signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
  if (response.body !== null && canStream(response, contentTypes)) return response.body
  throw refusalOf(response, contentTypes, response.body === null ? '' : await readText(readBytes(response.body, signal)))
}

/** Whether the body of this answer can be a stream of one of these content types. */
export function canStream({ status, headers }: ResponseHead, contentTypes: readonly string[]): boolean {
  const contentType = headers.get('content-type')
  // Servers written by hand often send none; then the first frame shows what it is.
  return isOk(status) && status !== 204 && status !== 205 && (contentType === null || contentTypes.includes(essenceOf(contentType)))
}

/** The error for an answer that is no stream; `text` is the beginning of its body. */
export function refusalOf(head: ResponseHead, contentTypes: readonly string[], text: string): ChatError {
  if (!isOk(head.status)) return httpError(head, text)
  if (text.trim() === '') return emptyAnswer(head)
  const contentType = head.headers.get('content-type') ?? undefined
  return new ChatError(
    'bad_response',
    `${nameOf(head)} answered ${head.status} with ${contentType}, not with ${contentTypes[0]}: ${firstLine(text)}`,
    {
      status: head.status,
      contentType,
      body: parsed(text),
    },
  )
}

/** The error for a 2xx answer in which nothing came, or, with the beginning of its `text`, nothing that is of the protocol. */
export function emptyAnswer(response: ResponseHead, text = ''): ChatError {
  const contentType = response.headers.get('content-type') ?? undefined
  const what = text.trim() === '' ? 'in it.' : `in it that the connection's protocol knows: ${firstLine(text)}`
  return new ChatError('bad_response', `${nameOf(response)} answered ${response.status} (${contentType ?? 'no content type'}) with nothing ${what}`, {
    status: response.status,
    contentType,
    body: parsed(text) || undefined,
  })
}

/** `text/event-stream; charset=utf-8` → `text/event-stream`. */
export function essenceOf(contentType: string): string {
  return contentType.split(';', 1)[0]!.trim().toLowerCase()
}

function httpError(response: ResponseHead, text: string): ChatError {
  const body = parsed(text)
  const said = reasonIn(body) ?? firstLine(text)
  const status = response.statusText === '' ? String(response.status) : `${response.status} ${response.statusText}`
  return new ChatError('http', `${nameOf(response)} answered ${status}${said === '' ? '' : `: ${said}`}`, {
    status: response.status,
    contentType: response.headers.get('content-type') ?? undefined,
    body,
    retryAfter: retryAfterOf(response.headers),
    retryable: mayRetry(response.status),
  })
}

/** Whether an answer of this status may be another one next time. */
export function mayRetry(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || status >= 500
}

function isOk(status: number): boolean {
  return status >= 200 && status < 300
}

function nameOf(response: ResponseHead): string {
  return response.url === '' ? 'The server' : response.url
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** The usual places of a message in an error body. */
function reasonIn(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null) return undefined
  const { error, message, detail } = body as { error?: unknown; message?: unknown; detail?: unknown }
  const nested = typeof error === 'object' && error !== null ? (error as { message?: unknown }).message : error
  return [nested, message, detail].find((each): each is string => typeof each === 'string' && each !== '')
}

function firstLine(text: string): string {
  const line = text.trim().split(/\r\n|\r|\n/, 1)[0]!
  return line.length > 200 ? `${line.slice(0, 200)}…` : line
}
