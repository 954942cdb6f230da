import { ChatError } from '../errors.ts'
import { readText } from './read-text.ts'
import { retryAfterOf } from './retry-after.ts'

/**
 * The body of an answer that can be a stream of one of these content types.
 * Throws `ChatError` `http` for a status outside 200–299, `bad_response` for an empty body or another content type.
 */
export async function checkResponse(response: Response, contentTypes: readonly string[], signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
  if (!isOk(response.status)) throw await httpError(response, signal)
  const contentType = response.headers.get('content-type')
  if (response.status === 204 || response.status === 205 || response.body === null) throw emptyAnswer(response)
  // Servers written by hand often send none; then the first frame shows what it is.
  if (contentType === null || contentTypes.includes(essenceOf(contentType))) return response.body
  const text = await readText(response.body, signal)
  if (text.trim() === '') throw emptyAnswer(response)
  throw new ChatError(
    'bad_response',
    `${nameOf(response)} answered ${response.status} with ${contentType}, not with ${contentTypes[0]}: ${firstLine(text)}`,
    { status: response.status, contentType, body: parsed(text) },
  )
}

/** The error for a 2xx answer in which nothing came. */
export function emptyAnswer(response: Response): ChatError {
  const contentType = response.headers.get('content-type') ?? undefined
  return new ChatError('bad_response', `${nameOf(response)} answered ${response.status} (${contentType ?? 'no content type'}) with nothing in it.`, {
    status: response.status,
    contentType,
  })
}

/** `text/event-stream; charset=utf-8` → `text/event-stream`. */
export function essenceOf(contentType: string): string {
  return contentType.split(';', 1)[0]!.trim().toLowerCase()
}

async function httpError(response: Response, signal: AbortSignal): Promise<ChatError> {
  const text = await readText(response.body, signal)
  const body = parsed(text)
  const said = reasonIn(body) ?? firstLine(text)
  const status = response.statusText === '' ? String(response.status) : `${response.status} ${response.statusText}`
  return new ChatError('http', `${nameOf(response)} answered ${status}${said === '' ? '' : `: ${said}`}`, {
    status: response.status,
    contentType: response.headers.get('content-type') ?? undefined,
    body,
    retryAfter: retryAfterOf(response.headers),
    retryable: response.status === 408 || response.status === 425 || response.status === 429 || response.status >= 500,
  })
}

function isOk(status: number): boolean {
  return status >= 200 && status < 300
}

function nameOf(response: Response): string {
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
