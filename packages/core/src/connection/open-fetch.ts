import type { Answer } from '../bytes/answer.ts'
import { checkResponse } from '../bytes/check-response.ts'
import { openRequest, type PostRequest } from '../bytes/open-request.ts'
import { readBytes } from '../bytes/read-bytes.ts'

/** Posts with `fetch`; gives an answer that can be a stream of one of these content types, `undefined` when the run was aborted first. */
export async function openFetch(request: PostRequest, contentTypes: readonly string[]): Promise<Answer | undefined> {
  const { signal } = request
  const response = await openRequest(request)
  if (response === undefined) return undefined
  if (request.absent?.includes(response.status)) {
    void response.body?.cancel().catch(() => {})
    return undefined
  }
  const body = await unlessAborted(checkResponse(response, contentTypes, signal), signal)
  return body && { response, reads: readBytes(body, signal) }
}

/** An answer that turns out bad after the run was stopped is nobody's concern. */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  try {
    return await work
  } catch (error) {
    if (signal.aborted) return undefined
    throw error
  }
}
