import { describe, expect, it } from 'vitest'
import { reasoning, text, toolCall, toolResult } from '../../testing/index.ts'
import type { Chunk, RunOutcome, TokenUsage } from '../protocol/chunk.ts'
import { addUsage } from '../protocol/add-usage.ts'
import { advance, awaitsResults, EMPTY_LEDGER, isClients, isTruncated } from './ledger.ts'
import { answer } from './ledger-calls.ts'

const started: Chunk = { type: 'RUN_STARTED', threadId: 't', runId: 'r' }
const finished = (end: { outcome?: RunOutcome; finishReason?: string; usage?: TokenUsage[] } = {}): Chunk =>
  ({
    type: 'RUN_FINISHED',
    threadId: 't',
    runId: 'r',
    ...(end.outcome && { outcome: end.outcome }),
    ...(end.usage && { usage: end.usage }),
    ...(end.finishReason && { metadata: { finishReason: end.finishReason } }),
  }) as Chunk
const after = (...chunks: Chunk[]) => advance(EMPTY_LEDGER, chunks)
const tools = [{ name: 'mine' }]
const owedToClient = (ledger: ReturnType<typeof after>, of = tools) =>
  [...ledger.calls].flatMap(([id, call]) => (isClients(ledger, call, of) ? [id] : []))

describe('the end of a stream', () => {
  it.each<[string, Chunk[], boolean]>([
    ['nothing at all', [], false],
    ['text without RUN_STARTED', text('a', 'A'), false],
    ['RUN_STARTED only', [started], true],
    ['text without an end', [started, ...text('a', 'A')], true],
    ['a whole run', [started, ...text('a', 'A'), finished()], false],
    ['a whole run that was cancelled', [started, finished({ outcome: { type: 'cancelled' } })], false],
    ['two whole runs', [started, finished(), started, ...text('b', 'B'), finished()], false],
    ['a second run without an end', [started, finished(), started], true],
    [
      'asked for a call after the end',
      [started, finished(), { type: 'CUSTOM', name: 'tool-input-available', value: { toolCallId: 'c', toolName: 'mine', input: {} } }],
      false,
    ],
    ['text after the end', [started, finished(), ...text('b', 'B')], true],
    ['reasoning after the end', [started, finished(), ...reasoning('b', 'B')], true],
    ['a call after the end', [started, finished(), ...toolCall('c', 'mine', {})], true],
    ['a result after the end', [started, ...toolCall('c', 'x', {}), finished(), toolResult('c', 1)], true],
    ['state after the end', [started, finished(), { type: 'STATE_SNAPSHOT', snapshot: null }], false],
    ['stopped for calls of the server', [started, ...toolCall('c', 'theirs', {}), finished({ finishReason: 'tool_calls' })], true],
    ['stopped for calls of the client', [started, ...toolCall('c', 'mine', {}), finished({ finishReason: 'tool_calls' })], false],
    [
      'stopped for calls that are answered',
      [started, ...toolCall('c', 'theirs', {}), toolResult('c', 1), finished({ finishReason: 'tool_calls' })],
      true,
    ],
    [
      'stopped for calls, with a list of what the client owes',
      [started, ...toolCall('c', 'x', {}), finished({ finishReason: 'tool_calls', outcome: { type: 'success', pendingToolCallIds: ['c'] } })],
      false,
    ],
    [
      'went on after calls',
      [
        started,
        ...toolCall('c', 'theirs', {}),
        finished({ finishReason: 'tool_calls' }),
        toolResult('c', 1),
        started,
        ...text('a', 'A'),
        finished({ finishReason: 'stop' }),
      ],
      false,
    ],
  ])('%s', (_what, chunks, truncated) => {
    expect(isTruncated(after(...chunks), tools)).toBe(truncated)
  })
  it('is no truncation when the client answered while the run was open', () => {
    expect(isTruncated(answer(after(started, ...toolCall('c', 'x', {}), finished({ finishReason: 'tool_calls' })), 'c'), tools)).toBe(false)
  })
})

describe('waiting for results', () => {
  it.each<[string, Chunk[], boolean]>([
    ['no call', text('a', 'A'), false],
    ['a call whose arguments are not complete', toolCall('c', 'x', {}).slice(0, 2), false],
    ['a complete call', toolCall('c', 'x', {}), true],
    ['an answered call', [...toolCall('c', 'x', {}), toolResult('c', 1)], false],
    ['one of two answered', [...toolCall('c', 'x', {}), ...toolCall('d', 'x', {}), toolResult('c', 1)], true],
    ['one of two complete', [...toolCall('c', 'x', {}), ...toolCall('d', 'x', {}).slice(0, 1)], false],
    ['text after the call', [...toolCall('c', 'x', {}), ...text('a', 'A')], false],
    ['reasoning after the call', [...toolCall('c', 'x', {}), ...reasoning('r', 'R')], false],
    ['text, then another call', [...toolCall('c', 'x', {}), ...text('a', 'A'), ...toolCall('d', 'x', {})], true],
    ['the end of the run after a call', [...toolCall('c', 'x', {}), finished()], true],
    ['a call that the end of the run completes', [...toolCall('c', 'x', {}).slice(0, 2), finished()], true],
  ])('%s', (_what, chunks, waits) => {
    expect(awaitsResults(after(started, ...chunks))).toBe(waits)
  })
})

describe('a step that is taken back', () => {
  const reset = (...toolCallIds: string[]): Chunk[] => [{ type: 'CUSTOM', name: 'step-reset', value: { step: 's', toolCallIds } }]

  it('takes its calls along, and no other', () => {
    const ledger = after(started, ...toolCall('c', 'x', {}), ...toolCall('d', 'x', {}))
    expect([...advance(ledger, reset('c')).calls.keys()]).toEqual(['d'])
    expect([...ledger.calls.keys()]).toEqual(['c', 'd'])
  })
  it('that had no calls changes nothing', () => {
    const ledger = after(started, ...toolCall('c', 'x', {}))
    expect(advance(ledger, reset())).toBe(ledger)
    expect(advance(ledger, reset('other'))).toBe(ledger)
  })
})

describe('who answers a call', () => {
  const call = toolCall('c', 'mine', {})
  const other = toolCall('o', 'theirs', {})

  it('the client, if the tool is its own', () => {
    expect(owedToClient(after(started, ...call, ...other, finished()))).toEqual(['c'])
  })
  it('the client, for what pendingToolCallIds lists, and nothing else', () => {
    expect(owedToClient(after(started, ...call, ...other, finished({ outcome: { type: 'success', pendingToolCallIds: ['o'] } })))).toEqual(['o'])
    expect(owedToClient(after(started, ...call, ...other, finished({ outcome: { type: 'success', pendingToolCallIds: [] } })))).toEqual([])
  })
  it('the client, for what interrupts name, and for its own tools beside them', () => {
    const interrupts = [
      { id: 'i', reason: 'approval', toolCallId: 'o' },
      { id: 'j', reason: 'question' },
    ]
    expect(owedToClient(after(started, ...call, ...other, finished({ outcome: { type: 'interrupt', interrupts } })))).toEqual(['c', 'o'])
    expect(owedToClient(after(started, ...other, finished({ outcome: { type: 'interrupt', interrupts: [interrupts[1]!] } })))).toEqual([])
  })
  it('the client, when CUSTOM tool-input-available or approval-requested asks', () => {
    for (const name of ['tool-input-available', 'approval-requested']) {
      const asked: Chunk = { type: 'CUSTOM', name, value: { toolCallId: 'o', toolName: 'theirs', input: {} } }
      expect(owedToClient(after(started, ...other, asked, finished({ finishReason: 'tool_calls' })))).toEqual(['o'])
    }
  })
  it('no one is asked by a CUSTOM event of another name, or without a call id', () => {
    for (const chunk of [
      { name: 'other', value: { toolCallId: 'o' } },
      { name: 'tool-input-available', value: null },
      { name: 'tool-input-available', value: { toolCallId: 7 } },
    ]) {
      expect(after(started, { type: 'CUSTOM', ...chunk }).calls.size).toBe(0)
    }
  })
  it('the client, when no tools were declared and the run just ended, as in AG-UI', () => {
    expect(owedToClient(after(started, ...other, finished()), [])).toEqual(['o'])
    expect(owedToClient(after(started, ...other, finished({ finishReason: 'stop' })), [])).toEqual([])
  })
  it('nobody, once it is answered, by the server or by the client', () => {
    expect(after(started, ...call, toolResult('c', 1)).calls.size).toBe(0)
    const answered = answer(after(started, ...call), 'c')
    expect([answered.calls.size, answered.answered]).toEqual([0, 1])
  })
  it('an answer to a call that is not there changes nothing', () => {
    const ledger = after(started, ...call)
    expect(answer(ledger, 'nobody')).toBe(ledger)
  })
  it('ids like __proto__ are ids', () => {
    const ledger = after(started, ...toolCall('__proto__', 'mine', {}), ...toolCall('constructor', 'mine', {}), finished())
    expect(owedToClient(ledger)).toEqual(['__proto__', 'constructor'])
  })
})

describe('failure and reason', () => {
  it('RUN_ERROR is a failure with the code of the server', () => {
    expect(after(started, { type: 'RUN_ERROR', message: 'Overloaded.', code: 'busy' }).failure).toMatchObject({
      code: 'server',
      serverCode: 'busy',
      message: expect.stringContaining('Overloaded.'),
    })
  })
  it('the last finish reason counts', () => {
    expect(after(started, finished({ finishReason: 'tool_calls' }), started, finished({ finishReason: 'stop' })).finishReason).toBe('stop')
  })
})

describe('the cost of a delta', () => {
  it('is nothing: the same ledger comes back', () => {
    const ledger = after(started, ...text('a', 'A').slice(0, 2))
    expect(advance(ledger, [{ type: 'TEXT_MESSAGE_CONTENT', messageId: 'a', delta: 'x' }])).toBe(ledger)
    const calling = after(started, ...toolCall('c', 'x', {}).slice(0, 1))
    expect(advance(calling, [{ type: 'TOOL_CALL_ARGS', toolCallId: 'c', delta: 'x' }])).toBe(calling)
  })
})

describe('usage', () => {
  it('adds up per provider and model', () => {
    const a = { provider: 'p', model: 'm', inputTokens: 1, outputTokens: 2 }
    expect(addUsage([a], [{ provider: 'p', model: 'm', inputTokens: 10, cachedInputTokens: 5 }])).toEqual([
      { provider: 'p', model: 'm', inputTokens: 11, outputTokens: 2, cachedInputTokens: 5 },
    ])
    expect(addUsage([a], [{ provider: 'p', model: 'n', inputTokens: 10 }])).toHaveLength(2)
    expect(addUsage([a], [{ provider: 'q', model: 'm', inputTokens: 10 }])).toHaveLength(2)
    expect(addUsage([a])).toEqual([a])
  })
  it('leaves what was there as it is', () => {
    const before = Object.freeze([Object.freeze({ model: 'm', inputTokens: 1 })])
    addUsage(before, [{ model: 'm', inputTokens: 1 }])
    expect(before[0]).toEqual({ model: 'm', inputTokens: 1 })
  })
  it('of both runs of a loop, and of one that failed, counts', () => {
    const usage = [{ model: 'm', outputTokens: 1 }]
    expect(after(started, finished({ usage }), started, finished({ usage })).usage).toEqual([{ model: 'm', outputTokens: 2 }])
    expect(after(started, { type: 'RUN_ERROR', message: 'no', usage }).usage).toEqual(usage)
  })
})
