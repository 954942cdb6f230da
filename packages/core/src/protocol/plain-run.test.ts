import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ChatWarning } from '../errors.ts'
import { reasoning, run, text } from '../../testing/chunks.ts'
import { agUi } from './ag-ui.ts'
import { createAgUiDecoder } from './ag-ui-rules.ts'
import type { Chunk } from './chunk.ts'
import { createPlainRun } from './plain-run.ts'
import type { ChunkDecoder, DecoderOptions } from './protocol.ts'

describe('a plain run', () => {
  it('passes as it is, chunk by chunk', () => {
    const events = [...run([...reasoning('t', 'Let me', ' see'), ...text('m', 'Hel', 'lo')]), ...run(text('n', 'more'))]
    const plain = createPlainRun()
    const out: Chunk[] = []
    for (const event of events) expect(plain.accept(event, out)).toBe(true)
    expect(out).toEqual(events)
    expect(out[3]).toBe(events[3])
  })
  it('writes to no event that somebody else has made', () => {
    const events = run(text('m', 'Hel', 'lo', '!')).map((event) => Object.freeze(event))
    const plain = createPlainRun('in-process')
    const out: Chunk[] = []
    for (const event of events) expect(plain.accept(event, out)).toBe(true)
    expect(out).toEqual(events)
  })
  it.each<[string, unknown[]]>([
    ['no object', [null]],
    ['no type', [{}]],
    ['a delta before the run', [{ type: 'TEXT_MESSAGE_CONTENT', messageId: 'm', delta: 'a' }]],
    ['an orphan', [...run([]).slice(0, 1), { type: 'TEXT_MESSAGE_CONTENT', messageId: 'm', delta: 'a' }]],
    ['an end while something is open', [...run(text('m', 'a').slice(0, 2)), { type: 'TEXT_MESSAGE_END', messageId: 'm' }]],
    ['a call', run([{ type: 'TOOL_CALL_START', toolCallId: 'c', toolCallName: 'weather' }])],
    ["somebody else's text", [...run([]).slice(0, 1), { type: 'TEXT_MESSAGE_START', messageId: 'm', role: 'user' }]],
    ["a subagent's text", [...run([]).slice(0, 1), { type: 'TEXT_MESSAGE_START', messageId: 'm', subagentRunId: 's' }]],
    ['a run in a run', [...run([]).slice(0, 1), ...run([]).slice(0, 1)]],
    ['anything after an error', [run([])[0]!, { type: 'RUN_ERROR', message: 'no' }, run([])[0]!]],
    ['classic chunks', [{ type: 'content', id: 'm', delta: 'a' }]],
    ['questions', run([], { outcome: { type: 'interrupt', interrupts: [{ id: 'i', reason: 'ask' }] } })],
  ])('is not %s', (_what, events) => {
    const plain = createPlainRun()
    expect(events.every((event) => plain.accept(event, []))).toBe(false)
  })
})

interface Heard {
  chunks: Chunk[]
  warnings: ChatWarning[]
  error?: unknown
}

async function decode(
  create: (options: DecoderOptions) => ChunkDecoder,
  events: readonly unknown[],
  source: DecoderOptions['source'],
): Promise<Heard> {
  const heard: Heard = { chunks: [], warnings: [] }
  const decoder = create({ threadId: 'thread', runId: 'run', source, onWarning: (warning) => heard.warnings.push(warning) })
  try {
    for (const event of events) await decoder.decode(event, heard.chunks)
    decoder.end(heard.chunks)
  } catch (error) {
    heard.error = (error as Error).message
  }
  return heard
}

/** Starts, deltas and ends of few ids in any order, whole runs among them: plain for a while, and then perhaps not. */
const id = fc.constantFrom('a', 'b')
const event: fc.Arbitrary<object> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ type: fc.constantFrom('TEXT_MESSAGE_START', 'REASONING_START', 'REASONING_END', 'TEXT_MESSAGE_END'), messageId: id }),
  },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('TEXT_MESSAGE_CONTENT'), messageId: id, delta: fc.string() }) },
  fc.record({ type: fc.constant('REASONING_MESSAGE_START'), messageId: id, role: fc.constant('reasoning') }),
  fc.record({ type: fc.constantFrom('REASONING_MESSAGE_CONTENT', 'REASONING_MESSAGE_END'), messageId: id, delta: fc.string() }),
  fc.constantFrom<object>(
    { type: 'RUN_STARTED', threadId: 'thread', runId: 'run' },
    { type: 'RUN_STARTED', threadId: 'thread', runId: 'run', input: { messages: [] } },
    { type: 'RUN_FINISHED', threadId: 'thread', runId: 'run' },
    { type: 'RUN_FINISHED', threadId: 'thread', runId: 'run', finishReason: 'STOP', usage: { promptTokens: 1 }, model: 'm' },
    { type: 'RUN_FINISHED', threadId: 'thread', runId: 'run', outcome: { type: 'success', pendingToolCallIds: ['c'] } },
    { type: 'RUN_ERROR', message: 'no', code: null },
    { type: 'RUN_ERROR', message: 'no' },
    { type: 'TEXT_MESSAGE_CONTENT', messageId: 'a', delta: 7 },
    { type: 'TEXT_MESSAGE_CONTENT', messageId: 'a', delta: 'x', metadata: { model: 'm' } },
    { type: 'TEXT_MESSAGE_CONTENT', messageId: 'a', delta: 'x', metadata: null },
    { type: 'TEXT_MESSAGE_START', messageId: 'b', name: 'Ann', metadata: {} },
    { type: 'TEXT_MESSAGE_START', messageId: 'b', name: null },
    { type: 'REASONING_START', messageId: 'b', subagentRunId: 's' },
    { type: 'TEXT_MESSAGE_CHUNK', messageId: 'a', delta: 'x' },
    { type: 'TOOL_CALL_START', toolCallId: 'c', toolCallName: 'weather' },
    { type: 'content', id: 'a', delta: 'x' },
    { type: 'REASONING_CONTENT', messageId: 'a' },
    { type: 'done' },
  ),
)
const stream = fc.oneof(
  fc.array(event, { maxLength: 25 }),
  fc.array(event, { maxLength: 20 }).map((events) => [...run(text('a', 'x', 'y').slice(0, 2)).slice(0, 3), ...events]),
)

describe('a stream that is plain at first', () => {
  it('comes to the same as by all the rules: chunks, warnings and errors', async () => {
    let plainAtFirst = 0
    await fc.assert(
      fc.asyncProperty(stream, fc.constantFrom('response' as const, 'in-process' as const), async (events, source) => {
        if (createPlainRun().accept(events[0], [])) plainAtFirst++
        const lazily = await decode((options) => agUi().createDecoder(options), events, source)
        const byRules = await decode((options) => createAgUiDecoder('tolerant', options), events, source)
        expect(lazily).toEqual(byRules)
      }),
      { numRuns: 2000 },
    )
    expect(plainAtFirst).toBeGreaterThan(500)
  })
})
