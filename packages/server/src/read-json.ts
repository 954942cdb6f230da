import { ChatRequestError } from './chat-request-error.ts'

/** Reads a JSON body of at most `maxBytes`, counted while it comes in: `content-length` is only what a client says. */
export async function readJson(request: Request, maxBytes: number): Promise<unknown> {
  const { method, headers } = request
  if (method !== 'POST') throw new ChatRequestError('method_not_allowed', `expected POST, got ${method}`)
  if (!isJson(headers.get('content-type'))) {
    throw new ChatRequestError('unsupported_media_type', 'the content type must be application/json')
  }
  if (Number(headers.get('content-length')) > maxBytes) throw tooLarge(maxBytes)
  const text = decode(await readBytes(request, maxBytes))
  if (text.trim() === '') throw new ChatRequestError('bad_request', 'the body is empty')
  try {
    return JSON.parse(text)
  } catch {
    // The parser's own message quotes the body: not for the client, and no `cause` for a log either.
    throw new ChatRequestError('bad_request', 'the body is not valid JSON')
  }
}

async function readBytes({ body }: Request, maxBytes: number): Promise<Uint8Array> {
  const reader = body?.getReader()
  const chunks: Uint8Array[] = []
  let size = 0
  for (;;) {
    const { done, value } = (await reader?.read().catch(broken)) ?? { done: true, value: undefined }
    if (done || value === undefined) return concat(chunks, size)
    size += value.byteLength
    if (size > maxBytes) {
      reader?.cancel().catch(() => {})
      throw tooLarge(maxBytes)
    }
    chunks.push(value)
  }
}

const broken = (cause: unknown): never => {
  throw new ChatRequestError('bad_request', 'the body broke off', { cause })
}

const tooLarge = (maxBytes: number) => new ChatRequestError('too_large', `the body is larger than ${maxBytes} bytes`)

function concat(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const bytes = new Uint8Array(size)
  let offset = 0
  for (const chunk of chunks) {
    bytes.set(chunk, offset)
    offset += chunk.byteLength
  }
  return bytes
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new ChatRequestError('bad_request', 'the body is not valid UTF-8')
  }
}

/** `application/json` and its kin, with or without parameters. */
function isJson(contentType: string | null): boolean {
  const type = contentType?.split(';', 1)[0]?.trim().toLowerCase()
  return type === 'application/json' || (type?.startsWith('application/') === true && type.endsWith('+json'))
}
