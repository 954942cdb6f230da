/**
 * The reads of a body, one by one. Ends at once when `signal` aborts, also if the body ignores it,
 * and lets go of the body however the loop is left. A body that breaks throws what it broke with.
 */
export async function* readBytes(body: ReadableStream<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array, void, void> {
  const reader = body.getReader()
  // A cancelled reader answers its pending read at once, before and whether or not the source has reacted.
  const cancel = () => void reader.cancel(signal.reason).catch(ignore)
  signal.addEventListener('abort', cancel, { once: true })
  try {
    while (!signal.aborted) {
      const { done, value } = await reader.read()
      if (done || signal.aborted) return
      if (value.length > 0) yield value
    }
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    signal.removeEventListener('abort', cancel)
    cancel()
  }
}

function ignore(): void {}
