import { openai } from '@statechat/server/openai'
import { describe, expect, it } from 'vitest'
import { modelServer } from './support/model-server.ts'
import { FRAMINGS, ourServer } from './support/our-server.ts'
import { link } from './support/proxy.ts'
import { open, openParts, transcript, until, untilSaid } from './support/session.ts'

/** Our client, our server and the `openai` package, seen from the socket of the model. */
describe.each(FRAMINGS)('the request to the model, by $name', (framing) => {
  async function chain() {
    const model = await modelServer()
    const { url, connect } = await ourServer(openai({ baseURL: model.url, model: 'm' }), framing)
    return { model, url, connect, session: open({ connection: connect() }) }
  }

  it('is closed by stop() in the middle of an answer, which is kept', async () => {
    const { model, session } = await chain()
    const { chat, finishes, errors } = session
    const turn = chat.sendMessage('Hello')
    const call = await model.next()
    call.say('One ', 'two')
    await untilSaid(chat, 'One two')

    chat.stop()
    expect(chat.getSnapshot()).toMatchObject({ status: 'stopped', isLoading: false })
    await call.closed
    expect((await turn).outcome).toBe('stopped')
    expect(transcript(chat)).toEqual(['user: Hello', 'assistant: One two'])
    expect([openParts(chat), finishes, errors]).toEqual([[], [], []])
  })

  it('is closed by stop() before the model has said anything, and no message is left', async () => {
    const { model, session } = await chain()
    const { chat } = session
    void chat.sendMessage('Hello')
    const call = await model.next()
    chat.stop()
    await call.closed
    expect(chat.getSnapshot()).toMatchObject({ status: 'stopped', error: null })
    expect(transcript(chat)).toEqual(['user: Hello'])
  })

  it('15: is closed by stop() in the middle of tool arguments, and the next request is one that a model takes', async () => {
    const { model, session } = await chain()
    const { chat } = session
    void chat.sendMessage('Hello')
    const call = await model.next()
    call.delta({ tool_calls: [{ index: 0, id: 'call_a', type: 'function', function: { name: 'search', arguments: '{"query":"so' } }] })
    await until(chat, ({ messages }) => messages.at(-1)?.parts.some((part) => part.type === 'tool-call' && part.arguments !== '') === true)
    chat.stop()
    await call.closed
    expect(chat.messages.get().at(-1)?.parts).toMatchObject([{ type: 'tool-call', state: 'cancelled' }])

    const turn = chat.sendMessage('Never mind')
    const next = await model.next()
    expect(next.body['messages']).toMatchObject([
      { role: 'user', content: 'Hello' },
      { role: 'assistant', tool_calls: [{ id: 'call_a', function: { name: 'search', arguments: '{}' } }] },
      { role: 'tool', tool_call_id: 'call_a' },
      { role: 'user', content: 'Never mind' },
    ])
    next.say('All right.')
    next.finish()
    expect((await turn).outcome).toBe('finished')
  })

  it('1: is closed by reload(), and nothing of the old answer gets into the new one', async () => {
    const { model, session } = await chain()
    const { chat, finishes, warnings } = session
    const first = chat.sendMessage('Hello')
    const old = await model.next()
    old.say('old old')
    await untilSaid(chat, 'old old')
    const second = chat.reload()
    old.say(' still old')
    const call = await model.next()
    old.say(' and older')
    call.say('new')
    call.finish()
    await old.closed

    expect((await first).outcome).toBe('stopped')
    expect((await second).outcome).toBe('finished')
    expect(transcript(chat)).toEqual(['user: Hello', 'assistant: new'])
    expect(chat.branches(chat.messages.get()[1]!.id)).toHaveLength(2)
    expect(call.body['messages']).toEqual([{ role: 'user', content: 'Hello' }])
    expect([finishes.length, warnings]).toEqual([1, []])
  })

  it('3: is closed by stop(), and the status follows the message that is sent at once', async () => {
    const { model, session } = await chain()
    const { chat, statuses } = session
    void chat.sendMessage('Hello')
    const old = await model.next()
    old.say('old')
    await untilSaid(chat, 'old')
    const seen = statuses.length
    chat.stop()
    const turn = chat.sendMessage('Again')
    const call = await model.next()
    await old.closed
    call.say('new')
    call.finish()
    expect((await turn).outcome).toBe('finished')
    expect(statuses.slice(seen)).toEqual(['stopped', 'streaming', 'idle'])
    expect(transcript(chat)).toEqual(['user: Hello', 'assistant: old', 'user: Again', 'assistant: new'])
  })

  it('is closed by a message that interrupts', async () => {
    const { model, session } = await chain()
    const { chat } = session
    chat.updateOptions({ whileBusy: 'interrupt' })
    const first = chat.sendMessage('Hello')
    const old = await model.next()
    const second = chat.sendMessage('No, this')
    const call = await model.next()
    await old.closed
    call.say('This.')
    call.finish()
    expect([(await first).outcome, (await second).outcome]).toEqual(['stopped', 'finished'])
  })

  it.each(['clear', 'dispose', 'setMessages'] as const)('is closed by %s()', async (command) => {
    const { model, session } = await chain()
    const { chat } = session
    const turn = chat.sendMessage('Hello')
    const call = await model.next()
    call.say('Hi')
    await untilSaid(chat, 'Hi')
    if (command === 'setMessages') chat.setMessages([])
    else chat[command]()
    await call.closed
    expect((await turn).outcome).toBe('stopped')
  })

  it('is closed when the client is cut off', async () => {
    const { model, url, connect } = await chain()
    const wire = await link(url)
    const { chat } = open({ connection: connect(wire.url) })
    const turn = chat.sendMessage('Hello')
    const call = await model.next()
    call.say('Hi')
    await untilSaid(chat, 'Hi')
    wire.cut()
    await call.closed
    expect((await turn).error).toMatchObject({ code: 'truncated' })
  })

  it('4: is one for two messages in one tick, and the second follows the first', async () => {
    const { model, session } = await chain()
    const { chat } = session
    const turns = [chat.sendMessage('One'), chat.sendMessage('Two')]
    const first = await model.next()
    expect(first.body['messages']).toEqual([{ role: 'user', content: 'One' }])
    first.say('1')
    first.finish()
    const second = await model.next()
    expect(second.body['messages']).toEqual([
      { role: 'user', content: 'One' },
      { role: 'assistant', content: '1' },
      { role: 'user', content: 'Two' },
    ])
    second.say('2')
    second.finish()
    expect((await Promise.all(turns)).map(({ outcome }) => outcome)).toEqual(['finished', 'finished'])
  })
})

describe('a model that misbehaves', () => {
  async function chain() {
    const model = await modelServer()
    // Else the `openai` package prints what it cannot parse.
    const server = await ourServer(openai({ baseURL: model.url, model: 'm', clientOptions: { logLevel: 'off' } }))
    return { model, ...server, ...open({ connection: server.connect() }) }
  }

  it('in the middle of its stream, with something that is no JSON, is an error, and what came is kept', async () => {
    const { model, chat } = await chain()
    const turn = chat.sendMessage('Hello')
    const call = await model.next()
    call.say('So far ')
    call.raw('data: {"choices":[{"delta"\n\n')
    const { message, error } = await turn
    expect(error).toMatchObject({ code: 'server', serverCode: 'bad_response' })
    expect(transcript(chat)).toEqual(['user: Hello', 'assistant: So far '])
    expect(message).toBe(chat.messages.get()[1])
    await call.closed
  })

  it('by reporting an error in its stream, is an error with its code', async () => {
    const { model, chat, failures } = await chain()
    const turn = chat.sendMessage('Hello')
    const call = await model.next()
    call.say('So far ')
    call.raw(`data: ${JSON.stringify({ error: { message: 'secret detail', code: 'rate_limit_exceeded' } })}\n\n`)
    expect((await turn).error).toMatchObject({ code: 'server', serverCode: 'rate_limit', retryable: true })
    expect(chat.error.get()?.message).not.toContain('secret')
    expect(failures).toMatchObject([{ message: expect.stringContaining('secret detail') as string }])
  })

  it('by ending without a finish reason, has broken off', async () => {
    const { model, chat } = await chain()
    const turn = chat.sendMessage('Hello')
    const call = await model.next()
    call.say('So far')
    call.end()
    expect((await turn).error).toMatchObject({ serverCode: 'truncated' })
  })

  it('by using a call id again in the next answer, makes two calls of it', async () => {
    const { model, chat } = await chain()
    chat.updateOptions({ tools: [{ name: 'look' }] })
    const toolCall = { index: 0, id: 'call_0', type: 'function', function: { name: 'look', arguments: '{}' } }
    const turn = chat.sendMessage('Hello')
    for (const output of ['first', 'second']) {
      const call = await model.next()
      call.delta({ tool_calls: [toolCall] })
      call.finish('tool_calls')
      const { messages } = await until(chat, ({ phase }) => phase === 'local')
      const open = messages.at(-1)!.parts.find((part) => part.type === 'tool-call' && part.state === 'input-complete')
      chat.addToolResult({ toolCallId: (open as { id: string }).id, output })
    }
    const last = await model.next()
    expect(
      (last.body['messages'] as { role: string; content: unknown }[]).filter(({ role }) => role === 'tool').map(({ content }) => content),
    ).toEqual(['first', 'second'])
    last.say('Done.')
    last.finish()
    const { message } = await turn
    expect(message?.parts.filter((part) => part.type === 'tool-call')).toMatchObject([{ output: 'first' }, { output: 'second' }])
  })

  it('9: by calling tools for ever, is stopped by maxSteps', async () => {
    const { model, chat } = await chain()
    chat.updateOptions({ tools: [{ name: 'look' }], maxSteps: 2 })
    const turn = chat.sendMessage('Hello')
    for (const id of ['a', 'b', 'c']) {
      const call = await model.next()
      call.delta({ tool_calls: [{ index: 0, id, type: 'function', function: { name: 'look', arguments: '{}' } }] })
      call.finish('tool_calls')
      await until(chat, ({ phase }) => phase === 'local')
      chat.addToolResult({ toolCallId: id, output: id })
      if (id !== 'c') await until(chat, ({ phase }) => phase === 'connecting' || phase === 'receiving')
    }
    expect((await turn).error).toMatchObject({ code: 'max_steps' })
  })
})
