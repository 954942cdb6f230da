import { describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { answering, call, say, stop, toolCalls } from '../../test/support/adapters.ts'
import { collect, customOf, outline, resultsOf, textOf } from '../../test/support/collect.ts'
import { counter } from '../../test/support/count.ts'
import { ai, type ChatOptions, type Chunk, type NeedsApproval, type ResumeEntry, toolDefinition, type WireMessage } from '../index.ts'

const user: WireMessage = { id: 'u', role: 'user', content: '?' }

/** A tool that needs a yes, and what it was called with. */
function mail(needsApproval: NeedsApproval<{ to: string }> = true) {
  const sent: string[] = []
  const tool = toolDefinition({ name: 'send_mail', inputSchema: z.object({ to: z.string() }), needsApproval }).server(({ to }) => {
    sent.push(to)
    return { id: `mail-${sent.length}` }
  })
  return { tool, sent }
}

const asking = (id = 'c', to = 'ann') => answering([...call(id, 'send_mail', { to }), toolCalls], [say('Done.'), stop])

function run(adapter: ReturnType<typeof answering>, options: Partial<ChatOptions>) {
  return collect(ai(adapter, { generateId: counter(), onError: () => {} }).chat({ messages: [user], ...options }))
}

const interruptsOf = (chunks: readonly Chunk[]) => {
  const last = chunks.at(-1)
  return last?.type === 'RUN_FINISHED' && last.outcome?.type === 'interrupt' ? last.outcome.interrupts : []
}

describe('a call that needs approval', () => {
  it('ends the run with a question, and nothing has run', async () => {
    const { tool, sent } = mail()
    const chunks = await run(asking(), { tools: [tool] })
    expect(sent).toEqual([])
    expect(resultsOf(chunks)).toEqual({})
    expect(chunks.at(-1)).toMatchObject({ type: 'RUN_FINISHED', metadata: { finishReason: 'tool_calls' } })
    expect(interruptsOf(chunks)).toEqual([
      {
        id: 'approval_c',
        reason: 'tool_call',
        message: 'send_mail runs only if you agree.',
        toolCallId: 'c',
        responseSchema: {
          type: 'object',
          properties: {
            approved: { type: 'boolean' },
            editedArgs: expect.objectContaining({ type: 'object', properties: { to: { type: 'string' } } }) as object,
            reason: { type: 'string' },
          },
          required: ['approved'],
        },
        metadata: { kind: 'approval', toolName: 'send_mail', input: { to: 'ann' } },
      },
    ])
  })

  it('is announced for clients that read no outcome', async () => {
    const chunks = await run(asking(), { tools: [mail().tool] })
    expect(chunks.at(-2)?.type).toBe('CUSTOM')
    expect(customOf(chunks, 'approval-requested')).toEqual([
      { toolCallId: 'c', toolName: 'send_mail', input: { to: 'ann' }, approval: { id: 'approval_c', needsApproval: true } },
    ])
  })

  it.each<[string, NeedsApproval<{ to: string }>]>([
    ['a function of the input', ({ to }) => to !== 'bob'],
    ['an asynchronous one', async ({ to }) => to !== 'bob'],
  ])('may be decided by %s', async (_how, needsApproval) => {
    const { tool, sent } = mail(needsApproval)
    const both = answering([...call('a', 'send_mail', { to: 'ann' }), ...call('b', 'send_mail', { to: 'bob' }), toolCalls])
    const chunks = await run(both, { tools: [tool] })
    expect(sent).toEqual(['bob'])
    expect(resultsOf(chunks)).toEqual({ b: '{"id":"mail-1"}' })
    expect(interruptsOf(chunks).map(({ id }) => id)).toEqual(['approval_a'])
  })

  it('fails, and does not run, when that function throws', async () => {
    const onError = vi.fn()
    const error = new Error('policy server down')
    const { tool, sent } = mail(() => {
      throw error
    })
    const chunks = await run(asking(), { tools: [tool], onError })
    expect([sent, resultsOf(chunks), interruptsOf(chunks)]).toEqual([[], { c: 'Error: The tool failed.' }, []])
    expect(onError).toHaveBeenCalledWith(error)
  })

  it('with bad arguments is no question for anybody', async () => {
    const adapter = answering([...call('c', 'send_mail', {}), toolCalls], [say('Done.'), stop])
    const chunks = await run(adapter, { tools: [mail().tool] })
    expect(resultsOf(chunks)).toEqual({ c: expect.stringContaining('Invalid input: to:') as string })
    expect(textOf(chunks)).toBe('Done.')
  })

  it('tells when the question expires, if it does', async () => {
    const chunks = await run(asking(), { tools: [mail().tool], approvalTtlMs: 60_000, now: () => Date.UTC(2026, 0, 1) })
    expect(interruptsOf(chunks)).toMatchObject([{ expiresAt: '2026-01-01T00:01:00.000Z' }])
  })

  it('beside others: those of the server have run, those of the client are left to it, and each approval is asked for', async () => {
    const { tool, sent } = mail()
    const now = toolDefinition({ name: 'now' }).server(() => 'noon')
    const theme = toolDefinition({ name: 'set_theme' })
    const adapter = answering([
      ...call('a', 'send_mail', { to: 'ann' }),
      ...call('b', 'set_theme', { dark: true }),
      ...call('c', 'now'),
      ...call('d', 'send_mail', { to: 'dan' }),
      toolCalls,
    ])
    const chunks = await run(adapter, { tools: [tool, now, theme] })
    expect(sent).toEqual([])
    expect(resultsOf(chunks)).toEqual({ c: 'noon' })
    expect(interruptsOf(chunks).map(({ toolCallId }) => toolCallId)).toEqual(['a', 'd'])
    expect(customOf(chunks, 'tool-input-available')).toEqual([{ toolCallId: 'b', toolName: 'set_theme', input: { dark: true } }])
    expect(customOf(chunks, 'approval-requested')).toMatchObject([{ toolCallId: 'a' }, { toolCallId: 'd' }])
  })
})

describe('the answer', () => {
  const asked = (...calls: [id: string, to: string][]): WireMessage[] => [
    user,
    {
      id: 'a',
      role: 'assistant',
      toolCalls: calls.map(([id, to]) => ({ id, type: 'function', function: { name: 'send_mail', arguments: JSON.stringify({ to }) } })),
    },
  ]
  const yes = (id: string, more: object = {}): ResumeEntry => ({
    interruptId: `approval_${id}`,
    status: 'resolved',
    payload: { approved: true, ...more },
  })
  const no = (id: string, reason?: string): ResumeEntry => ({
    interruptId: `approval_${id}`,
    status: 'resolved',
    payload: { approved: false, reason },
  })

  async function resumed(messages: WireMessage[], resume: ResumeEntry[]) {
    const { tool, sent } = mail()
    const adapter = answering([say('Done.'), stop])
    const failures: unknown[] = []
    const chunks = await run(adapter, { tools: [tool], messages, resume, onError: (error) => void failures.push(error) })
    return { chunks, sent, failures, results: resultsOf(chunks), request: adapter.requests[0], last: chunks.at(-1) }
  }

  it('yes runs the call before the model goes on, in the same run', async () => {
    const { chunks, sent, request } = await resumed(asked(['c', 'ann']), [yes('c')])
    expect(sent).toEqual(['ann'])
    expect(outline(chunks)).toEqual([
      'RUN_STARTED',
      'TOOL_CALL_RESULT {"id":"mail-1"}',
      'TEXT_MESSAGE_START',
      'TEXT_MESSAGE_CONTENT Done.',
      'TEXT_MESSAGE_END',
      'RUN_FINISHED',
    ])
    expect(request?.messages.slice(1)).toMatchObject([{ role: 'assistant' }, { role: 'tool', toolCallId: 'c', content: '{"id":"mail-1"}' }])
  })

  it.each<[string, ResumeEntry, string]>([
    ['no', no('c'), 'The user denied this call.'],
    ['no, with a reason', no('c', 'Too late.'), 'The user denied this call: Too late.'],
    ['no, with an empty reason', no('c', ' '), 'The user denied this call.'],
    ['none', { interruptId: 'approval_c', status: 'cancelled' }, 'The user cancelled this call.'],
  ])('%s tells the model why nothing has run', async (_what, entry, error) => {
    const { sent, results, request, last, chunks } = await resumed(asked(['c', 'ann']), [entry])
    expect([sent, results]).toEqual([[], { c: `Error: ${error}` }])
    expect(request?.messages.at(-1)).toMatchObject({ role: 'tool', toolCallId: 'c', content: error, error })
    // A client shows it as refused, not as failed.
    expect(chunks.find(({ type }) => type === 'TOOL_CALL_RESULT')).toMatchObject({ metadata: { denied: true } })
    expect(last).toMatchObject({ outcome: { type: 'success' } })
  })

  it('with other arguments runs those, in full, and the model reads them as its own', async () => {
    const { sent, request, results } = await resumed(asked(['c', 'ann']), [yes('c', { editedArgs: { to: 'bob' } })])
    expect([sent, results]).toEqual([['bob'], { c: '{"id":"mail-1"}' }])
    expect(request?.messages[1]).toMatchObject({ toolCalls: [{ id: 'c', function: { name: 'send_mail', arguments: '{"to":"bob"}' } }] })
  })

  it('with bad arguments runs nothing', async () => {
    const { sent, results } = await resumed(asked(['c', 'ann']), [yes('c', { editedArgs: { cc: 'bob' } })])
    expect([sent, results]).toEqual([[], { c: expect.stringContaining('Error: Invalid input: to:') as string }])
  })

  it('with null for other arguments means the model’s', async () => {
    expect((await resumed(asked(['c', 'ann']), [yes('c', { editedArgs: null })])).sent).toEqual(['ann'])
  })

  it('to several questions is one each', async () => {
    const { sent, results } = await resumed(asked(['a', 'ann'], ['b', 'bob'], ['__proto__', 'eve']), [
      no('b', 'Not him.'),
      yes('__proto__'),
      yes('a'),
    ])
    expect(sent).toEqual(['eve', 'ann'])
    expect(results['b']).toBe('Error: The user denied this call: Not him.')
  })

  it('that comes again finds the result in the history, and nothing runs twice', async () => {
    const answered: WireMessage[] = [...asked(['c', 'ann']), { id: 't', role: 'tool', toolCallId: 'c', content: '{"id":"mail-1"}' }]
    const { sent, results, chunks } = await resumed(answered, [yes('c')])
    expect([sent, results, textOf(chunks)]).toEqual([[], {}, 'Done.'])
  })

  it.each([
    [yes('c'), { approved: true, pendingExecution: true, message: 'User approved this action' }, ['ann'], '{"id":"mail-1"}'],
    [no('c'), { approved: false, message: 'User denied this action' }, [], 'Error: The user denied this call.'],
  ])('counts where TanStack AI’s client has put it into the history too (%j)', async (entry, echo, mails, result) => {
    const history: WireMessage[] = [...asked(['c', 'ann']), { id: 't', role: 'tool', toolCallId: 'c', content: JSON.stringify(echo) }]
    const { sent, results, request } = await resumed(history, [entry])
    expect([sent, results]).toEqual([mails, { c: result }])
    expect(request?.messages.filter(({ role }) => role === 'tool')).toHaveLength(1)
  })

  it('runs nothing but what it is about: other calls of the past were not answered, and the model is told so', async () => {
    const { sent, request } = await resumed(asked(['a', 'ann'], ['b', 'bob']), [yes('a')])
    expect(sent).toEqual(['ann'])
    expect(request?.messages.slice(-2)).toMatchObject([{ toolCallId: 'a' }, { toolCallId: 'b', error: 'The call was not answered.' }])
  })

  it('may lead to the next question', async () => {
    const { tool } = mail()
    const adapter = answering([...call('d', 'send_mail', { to: 'dan' }), toolCalls])
    const chunks = await run(adapter, { tools: [tool], messages: asked(['c', 'ann']), resume: [yes('c')] })
    expect(resultsOf(chunks)).toEqual({ c: '{"id":"mail-1"}' })
    expect(interruptsOf(chunks).map(({ id }) => id)).toEqual(['approval_d'])
  })

  it('to a call of a tool that is gone tells the model', async () => {
    const chunks = await run(answering([stop]), { messages: asked(['c', 'ann']), resume: [yes('c')] })
    expect(resultsOf(chunks)).toEqual({ c: 'Error: There is no tool named "send_mail".' })
  })

  it.each<[string, ResumeEntry[], string]>([
    ['to somebody else’s question', [{ interruptId: 'c', status: 'resolved', payload: { approved: true } }], 'unknown_interrupt'],
    ['to a call that nobody made', [yes('x')], 'unknown_interrupt'],
    ['to a call that nobody made, with a name that every object has', [yes('constructor')], 'unknown_interrupt'],
    ['given twice', [yes('c'), no('c')], 'invalid_resume'],
    ['that is neither yes nor no', [{ interruptId: 'approval_c', status: 'resolved', payload: { approved: 'yes' } }], 'invalid_resume'],
    ['without content', [{ interruptId: 'approval_c', status: 'resolved' }], 'invalid_resume'],
    ['of which one is wrong', [yes('c'), yes('x')], 'unknown_interrupt'],
  ])('%s is an error of the run, and nothing runs', async (_what, resume, code) => {
    const { chunks, sent, failures, request } = await resumed(asked(['c', 'ann']), resume)
    expect(outline(chunks)).toEqual(['RUN_STARTED', 'RUN_ERROR'])
    expect(chunks.at(-1)).toMatchObject({ code, metadata: { retryable: false } })
    expect([sent, request]).toEqual([[], undefined])
    expect(failures).toMatchObject([{ name: 'RunFailure', code }])
  })

  it('to a call of the client is one too: the server does not run it', async () => {
    const tools = [{ name: 'send_mail', description: '' }]
    const chunks = await run(answering([stop]), { tools, messages: asked(['c', 'ann']), resume: [yes('c')] })
    expect(chunks.at(-1)).toMatchObject({ type: 'RUN_ERROR', code: 'unknown_interrupt' })
  })

  it('may be aborted while the tool runs', async () => {
    const controller = new AbortController()
    const tool = toolDefinition({ name: 'send_mail', needsApproval: true }).server((_input, { signal }) => {
      controller.abort()
      expect(signal.aborted).toBe(true)
      return new Promise(() => {})
    })
    const adapter = answering([stop])
    const chunks = await run(adapter, { tools: [tool], messages: asked(['c', 'ann']), resume: [yes('c')], signal: controller.signal })
    expect(chunks.at(-1)).toMatchObject({ outcome: { type: 'cancelled' } })
    expect(adapter.requests).toEqual([])
  })
})
