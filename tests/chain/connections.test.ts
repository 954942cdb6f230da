import { agUi, fetcher, fetchHttpStream, fetchServerSentEvents, stream } from '@statechat/core'
import { run, text } from '@statechat/core/testing'
import { ai, type ChatRequest, isChatRequestError, parseChatRequest, toHttpStreamResponse, toStreamResponse } from '@statechat/server'
import { openai } from '@statechat/server/openai'
import { scripted } from '@statechat/server/scripted'
import { once } from 'node:events'
import { createGzip, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { modelServer } from './support/model-server.ts'
import { FRAMINGS, ourServer } from './support/our-server.ts'
import { link } from './support/proxy.ts'
import { serveEach, serveNode, serveWeb, sseThenEnd } from './support/serve.ts'
import { callsOf, open, openParts, textOf, thoughtOf, transcript, until, untilSaid } from './support/session.ts'

const sse = (chunks: readonly unknown[]) => chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join('')
const hi = run(text('m1', 'Hi ', 'there'), { finishReason: 'stop' })

describe('a request of our client', () => {
  /** Our server, which shows what it was sent. */
  async function recordingServer() {
    const requests: { headers: Headers; url: string; parsed: ChatRequest }[] = []
    const url = await serveWeb(async (request) => {
      const { headers, url } = request
      const parsed = await parseChatRequest(request)
      requests.push({ headers, url, parsed })
      return toStreamResponse(ai(scripted({ delayMs: 0, script: ['Hi'] })).chat(parsed))
    })
    return { url, requests }
  }

  it('has url, headers and body of the moment, from functions that may be async', async () => {
    const { url, requests } = await recordingServer()
    let token = 0
    const connection = fetchServerSentEvents(
      () => `${url}/chat?n=${token}`,
      async () => ({ headers: { authorization: `Bearer ${++token}`, 'x-none': undefined }, body: { tenant: 'a', messages: 'never' } }),
    )
    const { chat } = open({ connection, threadId: 'thread', body: () => ({ tenant: 'b', model: 'small' }), data: async () => ({ locale: 'de' }) })
    await chat.sendMessage('One')
    await chat.sendMessage('Two', { body: { extra: 1 }, data: { urgent: true } })
    expect(requests.map(({ headers }) => headers.get('authorization'))).toEqual(['Bearer 1', 'Bearer 2'])
    expect(requests.map(({ url }) => new URL(url).search)).toEqual(['?n=0', '?n=1'])
    expect(requests[0]?.parsed).toMatchObject({
      threadId: 'thread',
      messages: [{ role: 'user', content: 'One' }],
      forwardedProps: { locale: 'de' },
      body: { tenant: 'b', model: 'small' },
    })
    expect(requests[1]?.parsed).toMatchObject({ threadId: 'thread', forwardedProps: { locale: 'de', urgent: true }, body: { tenant: 'b', extra: 1 } })
    expect(requests[1]?.parsed.runId).not.toBe(requests[0]?.parsed.runId)
    expect(requests[1]?.parsed.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user'])
  })

  it('has text of any kind as it was written', async () => {
    const { url, requests } = await recordingServer()
    const { chat } = open({ connection: fetchServerSentEvents(url) })
    const odd = 'a\u0000b\u2028c\uFEFFd 👩‍👩‍👧 "\\" \r\n data: x\n\n</script>'
    await chat.sendMessage(odd)
    expect(requests[0]?.parsed.messages[0]?.content).toBe(odd)
  })

  it('that is too large for our server is refused with 413, though the server does not read it', async () => {
    const { connect } = await ourServer(scripted({ delayMs: 0 }))
    const { chat } = open({ connection: connect() })
    const { error } = await chat.sendMessage('x'.repeat(5 * 1024 * 1024))
    expect(error).toMatchObject({ code: 'http', status: 413, retryable: false, body: { error: { code: 'too_large' } } })
  })

  it('is not sent for a chat that only shows stored messages', async () => {
    const { url, requests } = await recordingServer()
    const { chat } = open({
      connection: fetchServerSentEvents(url),
      initialMessages: () => Promise.resolve([{ id: 'u', role: 'user', parts: [{ type: 'text', content: 'Old' }] }]),
    })
    chat.attach()
    await until(chat, ({ messages }) => messages.length === 1)
    expect(requests).toEqual([])
    await chat.reload()
    expect(transcript(chat)).toEqual(['user: Old', 'assistant: Hi'])
  })
})

describe('our server’s stream', () => {
  it.each(FRAMINGS)('keeps every rule of the strict profile, by $name', async (framing) => {
    const model = await modelServer()
    const { connect } = await ourServer(openai({ baseURL: model.url, model: 'm' }), framing)
    const protocol = agUi({ profile: 'strict' })
    const { chat, warnings } = open({ connection: connect(undefined, { protocol }), tools: [{ name: 'look' }] })

    const first = chat.sendMessage('One')
    const call = await model.next()
    call.delta({ reasoning_content: 'Hm. ' })
    call.delta({ content: 'Text, ' })
    call.delta({ reasoning: 'hm again. ' })
    call.delta({ content: 'and more.' })
    call.delta({ tool_calls: [{ index: 0, id: 'a', function: { name: 'look', arguments: '{' } }] })
    call.delta({ tool_calls: [{ index: 1, id: 'b', function: { name: 'look', arguments: '' } }] })
    call.delta({ tool_calls: [{ index: 0, function: { arguments: '}' } }] })
    call.finish('tool_calls')
    await until(chat, ({ phase }) => phase === 'local')
    for (const toolCallId of ['a', 'b']) chat.addToolResult({ toolCallId, output: toolCallId })
    const next = await model.next()
    next.delta({ refusal: 'I would rather not.' })
    next.finish()
    expect((await first).error).toBeUndefined()
    const answer = chat.messages.get()[1]
    expect([thoughtOf(answer), textOf(answer)]).toEqual(['Hm. hm again. ', 'Text, and more.I would rather not.'])
    expect(callsOf(answer)).toMatchObject([
      { id: 'a', input: {}, output: 'a' },
      { id: 'b', input: {}, output: 'b' },
    ])

    const second = chat.sendMessage('Two')
    const broken = await model.next()
    broken.say('So far')
    broken.end()
    expect((await second).error).toMatchObject({ code: 'server', serverCode: 'truncated' })
    expect(warnings).toEqual([])
  })

  it('reads the same through fetcher(), whichever framing the answer has', async () => {
    for (const framing of FRAMINGS) {
      const { url } = await ourServer(scripted({ delayMs: 0, script: ['Hi there'] }), framing)
      const connection = fetcher(({ body }, { signal }) =>
        fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body), signal }),
      )
      const { chat } = open({ connection })
      expect(textOf((await chat.sendMessage('Hello')).message)).toBe('Hi there')
    }
  })

  it('is read without a server by stream(), and by fetcher() from a function that answers with a Response', async () => {
    const model = ai(scripted({ delayMs: 0, script: ['Hi there'] }))
    const connections = [
      stream((messages, _data, signal) => model.chat({ messages, signal })),
      fetcher(({ messages }, { signal }) => toStreamResponse(model.chat({ messages, signal }))),
      fetcher(({ messages }, { signal }) => toHttpStreamResponse(model.chat({ messages, signal }))),
      fetcher(({ messages }, { signal }) => model.chat({ messages, signal })),
    ]
    for (const connection of connections) {
      const { chat, warnings } = open({ connection })
      expect([textOf((await chat.sendMessage('Hello')).message), warnings]).toEqual(['Hi there', []])
    }
  })

  it('ends with an error that can be retried when the server shuts down', async () => {
    const shutdown = new AbortController()
    const model = await modelServer()
    const url = await serveWeb(async (request) => {
      try {
        const { messages } = await parseChatRequest(request)
        return toStreamResponse(ai(openai({ baseURL: model.url, model: 'm' })).chat({ messages }), {
          signal: AbortSignal.any([request.signal, shutdown.signal]),
        })
      } catch (error) {
        if (isChatRequestError(error)) return error.toResponse()
        throw error
      }
    })
    const { chat } = open({ connection: fetchServerSentEvents(url) })
    const turn = chat.sendMessage('Hello')
    const call = await model.next()
    call.say('So far')
    await untilSaid(chat, 'So far')
    shutdown.abort()
    expect((await turn).error).toMatchObject({ code: 'server', serverCode: 'aborted', retryable: true })
    expect(transcript(chat)).toEqual(['user: Hello', 'assistant: So far'])
    await call.closed
  })
})

describe('client tools, when something goes wrong', () => {
  async function chain() {
    const model = await modelServer()
    const server = await ourServer(openai({ baseURL: model.url, model: 'm' }))
    const wire = await link(server.url)
    const session = open({ connection: server.connect(wire.url), tools: [{ name: 'look' }, { name: 'ask' }] })
    const turn = session.chat.sendMessage('Hello')
    const call = await model.next()
    call.say('Let me see. ')
    call.delta({
      tool_calls: ['look', 'ask'].map((name, index) => ({ index, id: `call_${name}`, type: 'function', function: { name, arguments: '{}' } })),
    })
    call.finish('tool_calls')
    await until(session.chat, ({ phase }) => phase === 'local')
    return { model, wire, turn, ...session }
  }
  const answerBoth = (chat: ReturnType<typeof open>['chat']) =>
    ['look', 'ask'].forEach((name) => chat.addToolResult({ toolCallId: `call_${name}`, output: `${name}ed` }))

  it('a cut in the answer to them is retried with their results, and none is asked for again', async () => {
    const { model, wire, turn, chat } = await chain()
    answerBoth(chat)
    const call = await model.next()
    call.say('I see ')
    await untilSaid(chat, 'I see ')
    wire.cut()
    expect((await turn).error).toMatchObject({ code: 'truncated' })

    const retried = chat.retry()
    const again = await model.next()
    expect(again.body).toEqual(call.body)
    again.say('I see it.')
    again.finish()
    const { outcome, message } = await retried
    expect([outcome, textOf(message)]).toEqual(['finished', 'Let me see. I see it.'])
    expect(callsOf(message).map(({ state }) => state)).toEqual(['complete', 'complete'])
    expect(new Set(chat.branches(message!.id).map(textOf))).toEqual(new Set(['Let me see. I see ', 'Let me see. I see it.']))
  })

  it('6: stop() while they are awaited cancels them, a late result asks for nothing, and the next request says so', async () => {
    const { model, turn, chat, warnings } = await chain()
    chat.addToolResult({ toolCallId: 'call_look', output: 'looked' })
    chat.stop()
    expect((await turn).outcome).toBe('stopped')
    chat.addToolResult({ toolCallId: 'call_ask', output: 'too late' })
    expect(callsOf(chat.messages.get()[1]).map(({ state }) => state)).toEqual(['complete', 'cancelled'])
    expect(chat.getSnapshot().status).toBe('stopped')

    const next = chat.sendMessage('Go on')
    const call = await model.next()
    expect(call.body['messages']).toMatchObject([
      { role: 'user' },
      { role: 'assistant', tool_calls: [{ id: 'call_look' }, { id: 'call_ask' }] },
      { role: 'tool', tool_call_id: 'call_look', content: 'looked' },
      { role: 'tool', tool_call_id: 'call_ask', content: expect.stringContaining('cancelled') as string },
      { role: 'user', content: 'Go on' },
    ])
    call.say('All right.')
    call.finish()
    expect((await next).outcome).toBe('finished')
    expect(warnings).toMatchObject([{ code: 'ignored_event' }])
  })

  it('reload() while they are awaited asks the question again, without them', async () => {
    const { model, turn, chat } = await chain()
    const reloaded = chat.reload()
    expect((await turn).outcome).toBe('stopped')
    const call = await model.next()
    expect(call.body['messages']).toEqual([{ role: 'user', content: 'Hello' }])
    call.say('Without tools.')
    call.finish()
    expect((await reloaded).outcome).toBe('finished')
    expect(transcript(chat)).toEqual(['user: Hello', 'assistant: Without tools.'])
  })

  it('what is sent meanwhile waits until they are answered', async () => {
    const { model, turn, chat } = await chain()
    const second = chat.sendMessage('And then?')
    expect(chat.getSnapshot().queue).toHaveLength(1)
    answerBoth(chat)
    for (const said of ['Seen.', 'Nothing.']) {
      const call = await model.next()
      call.say(said)
      call.finish()
    }
    expect([(await turn).outcome, (await second).outcome]).toEqual(['finished', 'finished'])
    expect(transcript(chat)).toEqual(['user: Hello', 'assistant: Let me see. Seen.', 'user: And then?', 'assistant: Nothing.'])
  })

  it('arguments that are no JSON are an error that the model gets to see', async () => {
    const model = await modelServer()
    const { connect } = await ourServer(openai({ baseURL: model.url, model: 'm' }))
    const { chat } = open({ connection: connect(), tools: [{ name: 'look' }] })
    const turn = chat.sendMessage('Hello')
    const call = await model.next()
    call.delta({ tool_calls: [{ index: 0, id: 'call_look', type: 'function', function: { name: 'look', arguments: '{"at": oops' } }] })
    call.finish('tool_calls')
    const next = await model.next()
    expect(next.body['messages']).toMatchObject([
      { role: 'user' },
      { role: 'assistant', tool_calls: [{ id: 'call_look', function: { arguments: '{}' } }] },
      { role: 'tool', content: expect.stringContaining('not valid JSON') as string },
    ])
    next.say('Sorry.')
    next.finish()
    expect((await turn).outcome).toBe('finished')
  })
})

describe('what lies between', () => {
  it('may compress the stream', async () => {
    const url = await serveNode(async (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' })
      const gzip = createGzip()
      gzip.pipe(response)
      for (const chunk of hi) {
        gzip.write(sse([chunk]))
        await new Promise<void>((resolve) => gzip.flush(resolve))
      }
      gzip.end()
      await once(response, 'finish')
    })
    const { chat } = open({ connection: fetchServerSentEvents(url) })
    expect(textOf((await chat.sendMessage('Hello')).message)).toBe('Hi there')
  })

  it.each(['RUN_FINISHED', 'm1'])('may cut a compressed stream before %s, which is a truncation', async (where) => {
    const wire = sse(hi)
    const zipped = gzipSync(wire.slice(0, wire.indexOf(where)))
    for (const end of [zipped.length, zipped.length - 8]) {
      const { url } = await serveEach((response) =>
        response.writeHead(200, { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' }).end(zipped.subarray(0, end)),
      )
      const { chat, finishes } = open({ connection: fetchServerSentEvents(url) })
      const { outcome, error } = await chat.sendMessage('Hello')
      expect([outcome, error?.code, finishes, openParts(chat)]).toEqual(['failed', 'truncated', [], []])
    }
  })

  it('may promise more bytes than come', async () => {
    const wire = sse(hi.slice(0, 3))
    const { url } = await serveEach((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'content-length': wire.length + 100 })
      response.write(wire, () => response.destroy())
    })
    const { chat } = open({ connection: fetchServerSentEvents(url) })
    expect((await chat.sendMessage('Hello')).error).toMatchObject({ code: 'truncated' })
    expect(transcript(chat)).toEqual(['user: Hello', 'assistant: Hi '])
  })

  it('may send the request on to elsewhere with 307, its body included', async () => {
    const { url: target, bodies } = await serveEach(sseThenEnd(...hi))
    const url = await serveNode((request, response) => {
      request.resume()
      response.writeHead(307, { location: target }).end()
    })
    const { chat } = open({ connection: fetchServerSentEvents(url) })
    expect((await chat.sendMessage('Hello')).outcome).toBe('finished')
    expect(bodies[0]?.['messages']).toMatchObject([{ content: 'Hello' }])
  })

  it('may answer 200 with a JSON error, which is a bad response that says what it was', async () => {
    const { url } = await serveEach((response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"error":{"message":"Not today"}}'),
    )
    const { chat } = open({ connection: fetchHttpStream(url) })
    expect((await chat.sendMessage('Hello')).error).toMatchObject({ code: 'bad_response', body: { error: { message: 'Not today' } } })
  })
})
