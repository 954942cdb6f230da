/**
 * The reads of a body, one by one. Ends at once when `signal` aborts, also if the body ignores it,
 * and lets go of the body however the loop is left. A body that breaks throws what it broke with.
 * The reader's own promises are passed on: a generator between costs each read three turns of the queue of promises.
 */
export function readBytes(body: ReadableStream<Uint8Array>, signal: AbortSignal): AsyncIterable<Uint8Array> {
  return { [Symbol.asyncIterator]: () => readsOf(body.getReader(), signal) }
}

type Reader = ReadableStreamDefaultReader<Uint8Array>

function readsOf(reader: Reader, signal: AbortSignal): AsyncIterator<Uint8Array, void> {
  // A cancelled reader answers its pending read at once, before and whether or not the source has reacted.
  const cancel = () => void reader.cancel(signal.reason).catch(ignore)
  signal.addEventListener('abort', cancel, { once: true })

  const end = async () => {
    signal.removeEventListener('abort', cancel)
    cancel()
    return OVER
  }
  const take = (read: Awaited<ReturnType<Reader['read']>>) => {
    if (read.done || signal.aborted) return end()
    // A body that somebody made may give anything.
    if (!read.value) return fail(new TypeError(`The body gave ${String(read.value)} in place of bytes.`))
    return read.value.length > 0 ? read : next()
  }
  const fail = (error: unknown) => {
    const over = end()
    if (signal.aborted) return over
    throw error
  }
  const next = (): Promise<IteratorResult<Uint8Array, void>> => (signal.aborted ? end() : reader.read().then(take, fail))
  return { next, return: end }
}

export const OVER = { done: true, value: undefined } as const

function ignore(): void {}
