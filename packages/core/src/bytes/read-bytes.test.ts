import { describe, expect, it } from 'vitest'
import { readBytes } from './read-bytes.ts'

const one = Uint8Array.of(1)

async function collect(body: ReadableStream<Uint8Array>, signal = new AbortController().signal, onRead = () => {}) {
  const reads: number[][] = []
  for await (const bytes of readBytes(body, signal)) {
    reads.push([...bytes])
    onRead()
  }
  return reads
}

describe('readBytes', () => {
  it('gives each read that has bytes', async () => {
    const body = new ReadableStream<Uint8Array>({
      start(queue) {
        for (const bytes of [one, new Uint8Array(), Uint8Array.of(2, 3)]) queue.enqueue(bytes)
        queue.close()
      },
    })
    expect(await collect(body)).toEqual([[1], [2, 3]])
  })
  it('ends at the abort, also when the body neither reacts nor lets itself be cancelled', async () => {
    const controller = new AbortController()
    let cancelled: unknown
    const deaf = new ReadableStream<Uint8Array>({
      start: (queue) => queue.enqueue(one),
      cancel: (reason) => {
        cancelled = reason
        return new Promise(() => {})
      },
    })
    expect(await collect(deaf, controller.signal, () => queueMicrotask(() => controller.abort('stop')))).toEqual([[1]])
    expect(cancelled).toBe('stop')
  })
  it('throws what the body broke with, but not after the abort', async () => {
    const broken = () => new ReadableStream<Uint8Array>({ pull: (queue) => queue.error(new Error('reset')) })
    await expect(collect(broken())).rejects.toThrow('reset')
    const controller = new AbortController()
    const breaksAtAbort = new ReadableStream<Uint8Array>({
      start(queue) {
        queue.enqueue(one)
        controller.signal.addEventListener('abort', () => queue.error(new Error('AbortError')))
      },
    })
    expect(await collect(breaksAtAbort, controller.signal, () => controller.abort())).toEqual([[1]])
  })
  it('says what came in place of bytes, and lets go of such a body', async () => {
    let cancelled = false
    const body = new ReadableStream<any>({ start: (queue) => queue.enqueue(undefined), cancel: () => void (cancelled = true) })
    await expect(collect(body)).rejects.toThrow('undefined in place of bytes')
    expect(cancelled).toBe(true)
  })
  it('cancels the body when the loop is left', async () => {
    let cancelled = false
    const body = new ReadableStream<Uint8Array>({ start: (queue) => queue.enqueue(one), cancel: () => void (cancelled = true) })
    for await (const _ of readBytes(body, new AbortController().signal)) break
    expect(cancelled).toBe(true)
  })
})
