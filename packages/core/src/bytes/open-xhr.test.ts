import { describe, expect, it } from 'vitest'
import { openXhr, type XhrRequestOptions } from './open-xhr.ts'

/** An XMLHttpRequest whose network is the test. */
class FakeXhr {
  readyState = 0
  status = 0
  statusText = ''
  responseURL = ''
  responseText = ''
  responseType = ''
  withCredentials = false
  onreadystatechange: (() => void) | null = null
  onload: (() => void) | null = null
  onerror: (() => void) | null = null
  ontimeout: (() => void) | null = null
  onabort: (() => void) | null = null
  sent: { method: string; url: string; headers: Record<string, string>; body: string; watched: boolean } | undefined
  aborted = false
  #opened = { method: '', url: '' }
  #headers: Record<string, string> = {}

  open(method: string, url: string) {
    this.#opened = { method, url }
    this.to(1)
  }
  setRequestHeader(name: string, value: string) {
    this.#headers[name] = value
  }
  send(body: string) {
    this.sent = { ...this.#opened, headers: this.#headers, body, watched: this.onreadystatechange !== null }
  }
  abort() {
    this.aborted = true
    this.onabort?.()
  }
  getAllResponseHeaders() {
    return 'content-type: text/event-stream\r\nretry-after: 7\r\nx-odd: a: b\r\n'
  }
  to(readyState: number) {
    this.readyState = readyState
    this.onreadystatechange?.()
  }
  head(status = 200) {
    this.status = status
    this.statusText = 'Said'
    this.responseURL = 'http://x/after'
    this.to(2)
  }
  text(all: string) {
    this.responseText = all
    this.to(3)
  }
  done() {
    this.to(4)
    this.onload?.()
  }
  /** As the standard has it: the answer is forgotten first. */
  fail() {
    this.responseText = ''
    this.status = 0
    this.to(4)
    this.onerror?.()
  }
}

function start(options: XhrRequestOptions = {}) {
  const xhr = new FakeXhr()
  const controller = new AbortController()
  const answer = openXhr({
    url: 'http://x/chat',
    options: { xhrFactory: () => xhr as unknown as XMLHttpRequest, ...options },
    headers: { accept: 'text/event-stream' },
    body: { a: 1 },
    signal: controller.signal,
  })
  return { xhr, answer, controller }
}

const opened = async () => {
  const { xhr, answer, controller } = start()
  xhr.head()
  const { response, reads } = (await answer)!
  const text = new TextDecoder()
  const iterator = reads[Symbol.asyncIterator]()
  const next = async () => {
    const { done, value } = await iterator.next()
    return done ? undefined : text.decode(value)
  }
  return { xhr, controller, response, next, iterator }
}

describe('openXhr', () => {
  it('posts JSON with every header, watched from before the send', async () => {
    const { xhr, answer } = start({ headers: { 'X-Own': '1', accept: undefined }, withCredentials: true })
    expect(xhr.sent).toEqual({
      method: 'POST',
      url: 'http://x/chat',
      headers: { accept: 'text/event-stream', 'x-own': '1' },
      body: '{"a":1}',
      watched: true,
    })
    expect([xhr.withCredentials, xhr.responseType]).toEqual([true, 'text'])
    xhr.head(429)
    const { response } = (await answer)!
    expect(response).toMatchObject({ status: 429, statusText: 'Said', url: 'http://x/after' })
    expect([response.headers.get('retry-after'), response.headers.get('x-odd'), response.headers.get('none')]).toEqual(['7', 'a: b', null])
  })

  it('gives what is new, once, and all of it in one read to a reader that is late', async () => {
    const { xhr, next } = await opened()
    xhr.text('one')
    expect(await next()).toBe('one')
    xhr.text('one two')
    xhr.text('one two three')
    expect(await next()).toBe(' two three')
    const pending = next()
    xhr.text('one two three four')
    expect(await pending).toBe(' four')
    xhr.done()
    expect(await next()).toBeUndefined()
    expect(xhr.aborted).toBe(false)
  })

  it.each([
    ['is shown as U+FFFD', 'a\uFFFD', 'a€b'],
    ['is half a surrogate pair', 'a\uD83C', 'a🎉b'],
  ])('waits for a character that %s until it is whole', async (_, torn, whole) => {
    const { xhr, next } = await opened()
    xhr.text(torn)
    expect(await next()).toBe('a')
    xhr.text(whole)
    xhr.done()
    expect(await next()).toBe(whole.slice(1))
    expect(await next()).toBeUndefined()
  })

  it('takes the end as it is, U+FFFD too', async () => {
    const { xhr, next } = await opened()
    xhr.text('a\uFFFD')
    xhr.done()
    expect(await next()).toBe('a\uFFFD')
  })

  it('keeps what came before the connection failed', async () => {
    const { xhr, next, response } = await opened()
    xhr.text('so far')
    xhr.fail()
    expect(await next()).toBe('so far')
    await expect(next()).rejects.toThrow('the connection failed')
    expect(response.status).toBe(200)
  })

  it('keeps the head and what came when all of it failed before anybody looked', async () => {
    const { xhr, answer } = start()
    xhr.head()
    xhr.text('so far')
    xhr.fail()
    const { response, reads } = (await answer)!
    const seen: string[] = []
    const reading = (async () => {
      for await (const bytes of reads) seen.push(new TextDecoder().decode(bytes))
    })()
    await expect(reading).rejects.toThrow('the connection failed')
    expect([response.status, seen]).toEqual([200, ['so far']])
  })

  it.each(['onerror', 'ontimeout', 'onabort'] as const)('has no answer when %s comes first', async (event) => {
    const { xhr, answer } = start()
    xhr[event]?.()
    await expect(answer).rejects.toMatchObject({ code: 'network', message: expect.stringContaining('http://x/chat') as string })
  })

  it('aborts the request with the run: before the head, during the body, when the loop is left', async () => {
    const first = start()
    first.controller.abort()
    expect(await first.answer).toBeUndefined()
    expect(first.xhr.aborted).toBe(true)

    const second = await opened()
    const pending = second.next()
    second.controller.abort()
    expect(await pending).toBeUndefined()
    expect(second.xhr.aborted).toBe(true)

    const third = await opened()
    third.xhr.text('x')
    await third.next()
    await third.iterator.return?.()
    expect(third.xhr.aborted).toBe(true)
  })

  it('says what to do where there is no XMLHttpRequest', async () => {
    const { answer } = start({ xhrFactory: undefined })
    await expect(answer).rejects.toMatchObject({ code: 'connection', retryable: false, message: expect.stringContaining('xhrFactory') as string })
  })
})
