import { EventEncoder } from '@ag-ui/encoder'
import { describe, expect, it } from 'vitest'
import type { ChatError } from '../errors.ts'
import { agUi } from '../protocol/ag-ui.ts'
import { anthropicMessages } from '../protocol/anthropic-messages/anthropic-messages.ts'
import type { Chunk } from '../protocol/chunk.ts'
import { openaiChat } from '../protocol/openai-chat/openai-chat.ts'
import { openaiResponses } from '../protocol/openai-responses/openai-responses.ts'
import { uiMessageStream } from '../protocol/ui-message-stream/ui-message-stream.ts'
import { fetchServerSentEvents } from './fetch-server-sent-events.ts'
import { bodyOf, read, run, serve, sse } from './test-kit.ts'

describe('fetchServerSentEvents', () => {
  it('reads a run from a real server', async () => {
    const url = await serve((_, response) => {
      sse(response, ...run('Hello', ' world'))
      response.end()
    })
    const reading = await read(fetchServerSentEvents(url))
    expect(reading.error).toBeUndefined()
    expect(reading.chunks).toEqual(run('Hello', ' world'))
    expect(reading.warnings).toEqual([])
    expect(reading.reads.every((chunks) => chunks.length > 0)).toBe(true)
  })
  it('reads what the AG-UI encoder frames', async () => {
    const encoder = new EventEncoder()
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-type': encoder.getContentType() })
      for (const chunk of run('Grüße ', '👋')) response.write(encoder.encodeSSE(chunk as never))
      response.end()
    })
    const reading = await read(fetchServerSentEvents(url, { protocol: agUi({ profile: 'strict' }) }))
    expect(reading).toMatchObject({ text: 'Grüße 👋', warnings: [] })
    expect(reading.error).toBeUndefined()
  })
  it('sends the headers that the protocol needs, and those of the options in their place', async () => {
    const seen: unknown[] = []
    const url = await serve((request, response) => {
      seen.push([request.headers['x-a'], request.headers['x-b']])
      sse(response, ...run('ok'))
      response.end()
    })
    const protocol = { ...agUi(), headers: { 'x-a': 'protocol', 'x-b': 'protocol' } }
    await read(fetchServerSentEvents(url, { protocol, headers: { 'X-B': 'mine' } }))
    expect(seen).toEqual([['protocol', 'mine']])
  })
  it('yields one array for each network read', async () => {
    let resume = () => {}
    const url = await serve((_, response) => {
      const [first, ...rest] = run('a', 'b')
      sse(response, first)
      resume = () => {
        // One write, one read: the events of it come as one array.
        response.end(rest.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join(''))
      }
    })
    const { reads } = await read(fetchServerSentEvents(url), { onRead: () => resume() })
    expect(reads.map((chunks) => chunks.length)).toEqual([1, 5])
  })
  it('posts the request in AG-UI form, reserved fields winning over the body options', async () => {
    let seen: { body?: Record<string, unknown>; headers?: Record<string, unknown>; method?: string | undefined } = {}
    const url = await serve(async (request, response) => {
      seen = { body: await bodyOf(request), headers: request.headers, method: request.method }
      sse(response, ...run())
      response.end()
    })
    const connection = fetchServerSentEvents(
      async () => new URL(url),
      async () => ({
        headers: { 'Content-TYPE': 'application/json; v=2', 'x-user': 'u1', 'x-none': undefined },
        body: { model: 'a', threadId: 'mine', a: 1 },
      }),
    )
    await read(connection, { data: { locale: 'de' }, context: { body: { model: 'b' } } })
    expect(seen.method).toBe('POST')
    expect(seen.headers).toMatchObject({ accept: 'text/event-stream', 'content-type': 'application/json; v=2', 'x-user': 'u1' })
    expect(seen.body).toEqual({
      a: 1,
      model: 'b',
      threadId: 'thread-1',
      runId: 'run-1',
      state: {},
      messages: [],
      tools: [],
      context: [],
      forwardedProps: { locale: 'de' },
      data: { locale: 'de' },
    })
  })
  it('evaluates url and options for each request', async () => {
    const seen: (string | undefined)[] = []
    const url = await serve((request, response) => {
      seen.push(`${request.url} ${String(request.headers['x-count'])}`)
      sse(response, ...run())
      response.end()
    })
    let count = 0
    const connection = fetchServerSentEvents(
      () => `${url}?n=${++count}`,
      () => ({ headers: new Headers({ 'X-Count': String(count) }) }),
    )
    await read(connection)
    await read(connection)
    expect(seen).toEqual(['/api/chat?n=1 1', '/api/chat?n=2 2'])
  })
  it('stops reading at [DONE]', async () => {
    const url = await serve((_, response) => {
      sse(response, ...run('x'), '[DONE]', { type: 'TEXT_MESSAGE_START', messageId: 'late' })
      // Never ended: the client has to let go.
    })
    const reading = await read(fetchServerSentEvents(url))
    expect(reading.error).toBeUndefined()
    expect(reading.chunks).toEqual(run('x'))
  })
  it('12: a 200 with a login page is bad_response with status, content type and the first line', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
      response.end('<!doctype html>\n<title>Log in</title>')
    })
    const { error } = await read(fetchServerSentEvents(url))
    expect(error).toMatchObject({ code: 'bad_response', status: 200, contentType: 'text/html; charset=utf-8', retryable: false })
    expect((error as ChatError).message).toContain('<!doctype html>')
    expect((error as ChatError).message).not.toContain('Log in')
  })
  it.each([204, 200])('12: a %i with zero bytes is bad_response', async (status) => {
    const url = await serve((_, response) => {
      response.writeHead(status, { 'content-type': 'text/event-stream' })
      response.end()
    })
    const { error } = await read(fetchServerSentEvents(url))
    expect(error).toMatchObject({ code: 'bad_response', status })
  })
  it('12: a stream of nothing but comments is bad_response', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.end(': hello\n\n: ping\n\n')
    })
    expect((await read(fetchServerSentEvents(url))).error).toMatchObject({ code: 'bad_response', status: 200 })
  })
  it.each([
    [
      'another protocol',
      undefined,
      'data: {"type":"start"}\n\ndata: {"type":"text-delta","id":"1","delta":"Hello"}\n\ndata: [DONE]\n\n',
      '{"type":"start"}',
    ],
    [
      'AG-UI for a model',
      openaiChat({ model: 'm' }),
      run('x')
        .map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`)
        .join(''),
      'RUN_STARTED',
    ],
    ['a model for another model', anthropicMessages({ model: 'm' }), 'data: {"choices":[{"delta":{"content":"Hi"}}]}\n\n', '"choices"'],
    ['a model for another form', openaiResponses({ model: 'm' }), 'data: {"choices":[{"delta":{"content":"Hi"}}]}\n\n', '"choices"'],
    ['an AI SDK reader of AG-UI', uiMessageStream(), 'data: {"type":"RUN_STARTED"}\n\n', 'RUN_STARTED'],
    ['NDJSON that calls itself events', undefined, '{"type":"RUN_STARTED"}\n', 'RUN_STARTED'],
    ['only an end', undefined, 'data: [DONE]\n\n', '[DONE]'],
  ])('12: a stream in which nothing is understood is bad_response, and says how it began: %s', async (_, protocol, body, seen) => {
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.end(body)
    })
    const { error } = await read(fetchServerSentEvents(url, { protocol }))
    expect(error).toMatchObject({ code: 'bad_response', status: 200, retryable: false, message: expect.stringContaining(seen) })
  })
  it('12: an error that a proxy sent as a stream is in the error', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.end('{"error":{"message":"model overloaded"}}')
    })
    const { error } = await read(fetchServerSentEvents(url))
    expect(error).toMatchObject({
      code: 'bad_response',
      body: { error: { message: 'model overloaded' } },
      message: expect.stringContaining('model overloaded'),
    })
  })
  it('13: a 429 carries status, parsed body and Retry-After in milliseconds', async () => {
    const url = await serve((_, response) => {
      response.writeHead(429, { 'content-type': 'application/json', 'retry-after': '7' })
      response.end('{"error":{"message":"Too fast","code":"rate_limit"}}')
    })
    const { error } = await read(fetchServerSentEvents(url))
    expect(error).toMatchObject({
      code: 'http',
      status: 429,
      retryAfter: 7000,
      retryable: true,
      body: { error: { message: 'Too fast', code: 'rate_limit' } },
    })
    expect((error as ChatError).message).toContain('429 Too Many Requests: Too fast')
  })
  it('13: a Retry-After date is measured against the clock of the server', async () => {
    const url = await serve((_, response) => {
      response.writeHead(503, { date: 'Fri, 31 Dec 1999 23:59:00 GMT', 'retry-after': 'Sat, 01 Jan 2000 00:00:00 GMT' })
      response.end('busy')
    })
    expect((await read(fetchServerSentEvents(url))).error).toMatchObject({ status: 503, retryAfter: 60_000, body: 'busy', retryable: true })
  })
  it('keeps at most 64 KiB of an error body, also if it never ends', async () => {
    const url = await serve((_, response) => {
      response.writeHead(400, { 'content-type': 'text/plain' })
      response.write('x'.repeat(100_000))
    })
    const { error } = await read(fetchServerSentEvents(url))
    expect(error).toMatchObject({ code: 'http', status: 400, retryable: false })
    expect((error as ChatError).body).toHaveLength(64 * 1024)
  })
  it('a server that is not there is network, with the cause', async () => {
    const { error } = await read(fetchServerSentEvents('http://127.0.0.1:1/api/chat'))
    expect(error).toMatchObject({ code: 'network', retryable: true })
    expect((error as ChatError).cause).toBeInstanceOf(TypeError)
  })
  it('a connection that breaks before anything arrived is network', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(':\n\n', () => response.destroy())
    })
    expect((await read(fetchServerSentEvents(url))).error).toMatchObject({ code: 'network' })
  })
  it('11: a connection that breaks in the middle is truncated, and what came is kept', async () => {
    // Destroyed only when the client has it, so that nothing depends on timing.
    let destroy = () => {}
    const url = await serve((_, response) => {
      sse(response, ...run('partial').slice(0, 3))
      destroy = () => response.destroy()
    })
    const reading = await read(fetchServerSentEvents(url), {
      onRead: (chunks) => chunks.some((chunk) => chunk.type === 'TEXT_MESSAGE_CONTENT') && destroy(),
    })
    expect(reading.text).toBe('partial')
    expect(reading.error).toMatchObject({ code: 'truncated', retryable: true })
    expect((reading.error as ChatError).cause).toBeInstanceOf(Error)
  })
  it('11: a cut after the first RUN_FINISHED of a tool loop is truncated', async () => {
    let destroy = () => {}
    const url = await serve((_, response) => {
      sse(
        response,
        { type: 'RUN_STARTED', threadId: 't', runId: 'r' },
        { type: 'RUN_FINISHED', threadId: 't', runId: 'r', metadata: { finishReason: 'tool_calls' } },
      )
      destroy = () => response.destroy()
    })
    const { error } = await read(fetchServerSentEvents(url), { onRead: (chunks) => chunks.at(-1)?.type === 'RUN_FINISHED' && destroy() })
    expect(error).toMatchObject({ code: 'truncated' })
  })
  it('a connection that breaks after the final chunk is a whole answer', async () => {
    let destroy = () => {}
    const url = await serve((_, response) => {
      sse(response, ...run('whole'))
      destroy = () => response.destroy()
    })
    const reading = await read(fetchServerSentEvents(url), { onRead: (chunks) => chunks.at(-1)?.type === 'RUN_FINISHED' && destroy() })
    expect(reading).toMatchObject({ text: 'whole' })
    expect(reading.error).toBeUndefined()
  })
  it('a clean end without a terminal chunk is left to the machine: RUN_STARTED, no terminal, no error', async () => {
    const url = await serve((_, response) => {
      sse(response, ...run('cut').slice(0, 3))
      response.end()
    })
    const reading = await read(fetchServerSentEvents(url))
    expect(reading.error).toBeUndefined()
    expect(reading.chunks.map((chunk) => chunk.type)).toEqual(['RUN_STARTED', 'TEXT_MESSAGE_START', 'TEXT_MESSAGE_CONTENT'])
  })
  it('17: a malformed frame is a protocol error that names the frame, after what came before it', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.end(
        [
          ...run('ok')
            .slice(0, 3)
            .map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`),
          'data: {"type":"TEXT_MESS\n\n',
        ].join(''),
      )
    })
    const reading = await read(fetchServerSentEvents(url))
    expect(reading.text).toBe('ok')
    expect(reading.error).toMatchObject({ code: 'protocol' })
    expect((reading.error as ChatError).message).toBe('Frame 4 of the stream is not JSON: {"type":"TEXT_MESS')
  })
  it('17: an unknown chunk type is skipped with one warning, an orphan delta opens its message with one', async () => {
    const chunks = run('a', 'b')
    const url = await serve((_, response) => {
      sse(response, chunks[0], { type: 'NEW_THING' }, { type: 'NEW_THING' }, ...chunks.slice(2))
      response.end()
    })
    const reading = await read(fetchServerSentEvents(url))
    expect(reading.error).toBeUndefined()
    expect(reading.chunks).toEqual(chunks)
    expect(reading.warnings.map((warning) => warning.code)).toEqual(['unknown_chunk', 'orphan'])
  })
  it('30: ids like __proto__ and constructor are plain data', async () => {
    const evil = ['__proto__', 'constructor', 'toString'].flatMap((id): Chunk[] => [
      { type: 'TEXT_MESSAGE_START', messageId: id },
      { type: 'TEXT_MESSAGE_CONTENT', messageId: id, delta: id },
      { type: 'TEXT_MESSAGE_END', messageId: id },
      { type: 'TOOL_CALL_START', toolCallId: id, toolCallName: id },
      { type: 'TOOL_CALL_ARGS', toolCallId: id, delta: '{}' },
      { type: 'TOOL_CALL_END', toolCallId: id },
    ])
    const [first, ...rest] = run()
    const url = await serve((_, response) => {
      sse(response, first, ...evil, ...rest, { type: '__proto__' }, { type: 'constructor' })
      response.end()
    })
    const reading = await read(fetchServerSentEvents(url))
    expect(reading.error).toBeUndefined()
    expect(reading.chunks).toEqual([first, ...evil, ...rest])
    expect(({} as Record<string, unknown>)['messageId']).toBeUndefined()
  })
  it('a classic server works with no option', async () => {
    const url = await serve((_, response) => {
      sse(response, { type: 'content', id: 'c1', delta: 'Hi', content: 'Hi' }, { type: 'done', finishReason: 'stop' }, '[DONE]')
      response.end()
    })
    const reading = await read(fetchServerSentEvents(url))
    expect(reading.warnings).toEqual([])
    expect(reading.chunks.map((chunk) => chunk.type)).toEqual([
      'RUN_STARTED',
      'TEXT_MESSAGE_START',
      'TEXT_MESSAGE_CONTENT',
      'TEXT_MESSAGE_END',
      'RUN_FINISHED',
    ])
  })

  describe('aborting', () => {
    it('ends while connecting and closes the request', async () => {
      const controller = new AbortController()
      const closed = new Promise<void>((resolve) => {
        void serve((request) => {
          request.socket.on('close', () => resolve())
          controller.abort()
        }).then(async (url) => {
          const reading = await read(fetchServerSentEvents(url), { signal: controller.signal })
          expect(reading).toMatchObject({ chunks: [], reads: [] })
          expect(reading.error).toBeUndefined()
        })
      })
      await closed
    })
    it('ends in the middle of the answer', async () => {
      const controller = new AbortController()
      const url = await serve((_, response) => sse(response, ...run('x').slice(0, 3)))
      const reading = await read(fetchServerSentEvents(url), { signal: controller.signal, onRead: () => controller.abort() })
      expect(reading.error).toBeUndefined()
      expect(reading.chunks[0]?.type).toBe('RUN_STARTED')
    })
    it('5: ends also when fetch and its body ignore the signal', async () => {
      const controller = new AbortController()
      let cancelled = false
      const body = new ReadableStream<Uint8Array>({
        start: (queue) => queue.enqueue(new TextEncoder().encode(`data: ${JSON.stringify(run()[0])}\n\n`)),
        // Like a source that never reacts: neither data nor an end, and cancelling does not settle.
        cancel: () => {
          cancelled = true
          return new Promise(() => {})
        },
      })
      const deaf = async () => new Response(body, { headers: { 'content-type': 'text/event-stream' } })
      const reading = await read(fetchServerSentEvents('/api/chat', { fetch: deaf }), {
        signal: controller.signal,
        onRead: () => queueMicrotask(() => controller.abort()),
      })
      expect(reading.reads).toHaveLength(1)
      expect(reading.error).toBeUndefined()
      expect(cancelled).toBe(true)
    })
    it('5: ends when fetch never answers, and lets go of an answer that comes late', async () => {
      const controller = new AbortController()
      let answer: (response: Response) => void = () => {}
      let cancelled = () => {}
      const wasCancelled = new Promise<void>((resolve) => (cancelled = resolve))
      const deaf = () => {
        queueMicrotask(() => controller.abort())
        return new Promise<Response>((resolve) => (answer = resolve))
      }
      const reading = await read(fetchServerSentEvents('/api/chat', { fetch: deaf }), { signal: controller.signal })
      expect(reading).toMatchObject({ chunks: [] })
      answer(new Response(new ReadableStream({ cancel: () => cancelled() })))
      await wasCancelled
    })
    it('sends nothing when it was aborted before', async () => {
      let requests = 0
      const url = await serve(() => void (requests += 1))
      const reading = await read(fetchServerSentEvents(url), { signal: AbortSignal.abort() })
      expect(reading).toMatchObject({ chunks: [] })
      expect(reading.error).toBeUndefined()
      expect(requests).toBe(0)
    })
    it('leaving the loop cancels the body', async () => {
      let closed = () => {}
      const wasClosed = new Promise<void>((resolve) => (closed = resolve))
      const url = await serve((_, response) => {
        response.on('close', () => closed())
        sse(response, run()[0])
      })
      const reading = await read(fetchServerSentEvents(url), {
        onRead: () => {
          throw new Error('leave')
        },
      })
      expect(reading.error).toMatchObject({ message: 'leave' })
      await wasClosed
    })
  })

  it('a url or options function that throws is a connection error with its cause', async () => {
    const cause = new Error('no token')
    const failing = fetchServerSentEvents('/api/chat', async () => {
      throw cause
    })
    expect((await read(failing)).error).toMatchObject({ code: 'connection', cause })
  })
})
