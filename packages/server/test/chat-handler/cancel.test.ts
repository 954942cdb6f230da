import { describe, expect, it } from 'vitest'
import { ai, memoryRunLog, toolDefinition } from '../../src/index.ts'
import { answering, call, stop, toolCalls } from '../support/adapters.ts'
import { byHand, closed, finished, opened, said, started } from '../support/by-hand.ts'
import { body, chatServer } from '../support/chat-server.ts'
import { deferred } from '../support/deferred.ts'
import { eventReader, eventsOf } from '../support/logged-events.ts'
import { manualClock } from '../support/manual-clock.ts'
import { until } from '../support/until.ts'

const chunks = (events: { chunk: unknown }[]) => events.map(({ chunk }) => chunk)
const cancelled = { type: 'RUN_FINISHED', threadId: 't', runId: 'r', outcome: { type: 'cancelled' } }

describe('a run is cancelled', () => {
  it('before its first event', async () => {
    const hand = byHand()
    const { post, cancel } = await chatServer({ model: hand.model })
    const answer = post()
    const run = await hand.next()
    const response = await cancel()
    expect([response.status, await response.json()]).toEqual([200, { status: 'cancelled' }])
    expect(run.signal.aborted).toBe(true)
    expect(chunks(await eventsOf(await answer))).toEqual([started(), cancelled])
  })

  it('in the middle of a text, which is closed', async () => {
    const hand = byHand()
    const { post, cancel } = await chatServer({ model: hand.model })
    const reader = eventReader(await post())
    const run = await hand.next()
    run.say(started(), { type: 'STEP_STARTED', stepName: 's' }, opened, said('Hi'), { type: 'TOOL_CALL_START', toolCallId: 'c', toolCallName: 'f' })
    await reader.take(5)
    expect((await cancel()).status).toBe(200)
    expect(chunks(await reader.rest())).toEqual([
      { type: 'TOOL_CALL_END', toolCallId: 'c', metadata: { incomplete: true } },
      closed,
      { type: 'STEP_FINISHED', stepName: 's' },
      cancelled,
    ])
  })

  it('while a tool runs, whose signal aborts', async () => {
    let begun = (_signal: AbortSignal) => {}
    const running = new Promise<AbortSignal>((resolve) => (begun = resolve))
    const slow = toolDefinition({ name: 'slow', inputSchema: { type: 'object' } }).server(async (_input, { signal }) => {
      begun(signal)
      await new Promise(() => {})
    })
    const model = answering([...call('c', 'slow'), toolCalls], [stop])
    const { post, cancel } = await chatServer({ model: ai(model), tools: [slow] })
    const answer = post()
    const signal = await running
    const response = await cancel()
    expect([response.status, await response.json()]).toEqual([200, { status: 'cancelled' }])
    expect(signal.aborted).toBe(true)
    const events = await eventsOf(await answer)
    expect(events.map(({ chunk }) => chunk.type)).toEqual(['RUN_STARTED', 'TOOL_CALL_START', 'TOOL_CALL_ARGS', 'TOOL_CALL_END', 'RUN_FINISHED'])
    expect(events.at(-1)!.chunk).toEqual(cancelled)
    expect(model.requests).toHaveLength(1)
  })

  it('twice, and both are told', async () => {
    const hand = byHand()
    const { post, cancel } = await chatServer({ model: hand.model })
    void post()
    await hand.next()
    const answers = await Promise.all([cancel(), cancel(), cancel('r', null)])
    for (const answer of answers) expect([answer.status, await answer.json()]).toEqual([200, { status: 'cancelled' }])
    expect(await (await cancel()).json()).toEqual({ status: 'cancelled' })
  })

  it.each([
    ['finished', [started(), finished()]],
    ['error', [started(), { type: 'RUN_ERROR', message: 'no', code: 'x' } as const]],
  ])('after its end, which stays: %s', async (status, said) => {
    const { post, cancel } = await chatServer({ model: () => said })
    await eventsOf(await post())
    const response = await cancel()
    expect([response.status, await response.json()]).toEqual([200, { status }])
  })

  it('before its request arrived, and the model is never asked', async () => {
    const hand = byHand()
    const { post, cancel, join } = await chatServer({ model: hand.model })
    const response = await cancel()
    expect([response.status, await response.json()]).toEqual([200, { status: 'cancelled' }])
    expect(chunks(await eventsOf(await post()))).toEqual([started(), cancelled])
    expect(chunks(await eventsOf(await join()))).toEqual([started(), cancelled])
    expect(hand.calls()).toBe(0)
  })
})

it('a cancellation waits for the end, but not for long', async () => {
  const clock = manualClock()
  const hand = byHand()
  const ended = deferred()
  const memory = memoryRunLog()
  // The producer is told, and ends the run only when the test lets it.
  const log = { ...memory, close: (...args: Parameters<typeof memory.close>) => ended.promise.then(() => memory.close(...args)) }
  const { post, cancel } = await chatServer({ model: hand.model, log, clock, heartbeatMs: 0 })
  const answer = post()
  const run = await hand.next()
  const waiting = cancel()
  await run.aborted
  let response: Response | undefined
  void waiting.then((value) => (response = value))
  await until(() => {
    clock.advance(1000)
    return response !== undefined
  })
  expect([response!.status, await response!.json()]).toEqual([202, { status: 'requested' }])
  const again = cancel()
  ended.resolve()
  expect((await again).status).toBe(200)
  expect(chunks(await eventsOf(await answer)).at(-1)).toEqual(cancelled)
})

it.each([
  ['unknown', null, [400, 'bad_request']],
  ['', 't', [400, 'bad_request']],
  ['r', 'another', [409, 'conflict']],
])('the cancellation of %o in thread %s is refused', async (runId, threadId, expected) => {
  const { post, cancel } = await chatServer({ model: () => [started(), finished()] })
  await eventsOf(await post(body()))
  const response = await cancel(runId, threadId)
  expect([response.status, ((await response.json()) as { error: { code: string } }).error.code]).toEqual(expected)
})
