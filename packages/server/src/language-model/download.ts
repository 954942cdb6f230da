import { ModelError } from '../model-error.ts'

/** Fetches one file; the global `fetch` fits. */
export type FetchFile = (url: string, init: { signal: AbortSignal }) => Promise<Response>

export interface DownloadOptions {
  fetch: FetchFile | undefined
  maxBytes: number
  signal: AbortSignal
}

/** A file that the model does not fetch itself. `provider` is for the error. */
export async function download(
  url: URL,
  provider: string,
  { fetch, maxBytes, signal }: DownloadOptions,
): Promise<{ bytes: Uint8Array; mediaType: string | undefined }> {
  const refuse = (why: string, cause?: unknown): never => {
    throw new ModelError('unsupported_content', `${provider}: ${why}`, { cause })
  }
  if (fetch === undefined) return refuse('the model does not read files from this address; pass { fetch } to languageModel() to download them')
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return refuse(`files are not downloaded from ${url.protocol}`)
  try {
    const response = await fetch(url.href, { signal })
    if (!response.ok) return refuse(`downloading a file was answered with ${response.status}`)
    const bytes = await readBytes(response, maxBytes)
    if (bytes === undefined) return refuse(`a file is larger than ${maxBytes} bytes`)
    return { bytes, mediaType: response.headers.get('content-type')?.split(';')[0]?.trim() || undefined }
  } catch (cause) {
    if (cause instanceof ModelError || signal.aborted) throw cause
    return refuse('a file could not be downloaded', cause)
  }
}

/** Counted while reading: what a server says about the length may be wrong. */
async function readBytes({ body }: Response, maxBytes: number): Promise<Uint8Array | undefined> {
  const pieces: Uint8Array[] = []
  let length = 0
  const reader = body?.getReader()
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true, value: undefined }
    if (done) break
    length += value.length
    if (length > maxBytes) {
      await reader?.cancel().catch(() => {})
      return undefined
    }
    pieces.push(value)
  }
  const bytes = new Uint8Array(length)
  let at = 0
  for (const piece of pieces) {
    bytes.set(piece, at)
    at += piece.length
  }
  return bytes
}
