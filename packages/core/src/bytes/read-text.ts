const MAX_ERROR_BODY = 64 * 1024

/** The beginning of a body as text, for an error: at most `limit` bytes, and what arrived if it breaks. */
export async function readText(reads: AsyncIterable<Uint8Array>, limit = MAX_ERROR_BODY): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  let left = limit
  try {
    for await (const bytes of reads) {
      text += decoder.decode(bytes.subarray(0, left), { stream: true })
      left -= bytes.length
      if (left <= 0) return text
    }
  } catch {
    // The status is the news; a body that breaks adds nothing.
  }
  return text + decoder.decode()
}
