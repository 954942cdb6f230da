import { describe, expect, it } from 'vitest'
import type { Chunk } from './chunk.ts'
import { decodeAll, FINISHED, STARTED } from './test-kit.ts'

const start: Chunk = { type: 'TEXT_MESSAGE_START', messageId: 'm' }
const delta: Chunk = { type: 'TEXT_MESSAGE_CONTENT', messageId: 'm', delta: 'x' }
const end: Chunk = { type: 'TEXT_MESSAGE_END', messageId: 'm' }
const call: Chunk = { type: 'TOOL_CALL_START', toolCallId: 'c', toolCallName: 't' }
const args: Chunk = { type: 'TOOL_CALL_ARGS', toolCallId: 'c', delta: '{}' }
const callEnd: Chunk = { type: 'TOOL_CALL_END', toolCallId: 'c' }
const result: Chunk = { type: 'TOOL_CALL_RESULT', messageId: 'r', toolCallId: 'c', content: '1' }
const thought: Chunk = { type: 'REASONING_MESSAGE_CONTENT', messageId: 'm', delta: 'hm' }
const failed: Chunk = { type: 'RUN_ERROR', message: 'boom' }
const custom: Chunk = { type: 'CUSTOM', name: 'n', value: 1 }
const raw: Chunk = { type: 'RAW', event: 1 }
const stepStart: Chunk = { type: 'STEP_STARTED', stepName: 's' }
const stepEnd: Chunk = { type: 'STEP_FINISHED', stepName: 's' }
const subagent: Chunk = { type: 'SUBAGENT_STARTED', subagentRunId: 'sub', name: 'n' }
const subagentEnd: Chunk = { type: 'SUBAGENT_FINISHED', subagentRunId: 'sub' }

/** What each deviation comes to in `tolerant`; all of them are an error in `strict`. */
const deviations: [what: string, input: Chunk[], output: Chunk[], warnings: string[]][] = [
  ['text before RUN_STARTED', [start, delta, end, FINISHED], [STARTED, start, delta, end, FINISHED], ['out_of_order']],
  ['RUN_FINISHED before RUN_STARTED', [FINISHED], [STARTED, FINISHED], ['out_of_order']],
  ['CUSTOM and RAW before RUN_STARTED', [custom, raw, STARTED, FINISHED], [custom, raw, STARTED, FINISHED], []],
  ['a second RUN_STARTED in an open run', [STARTED, STARTED, FINISHED], [STARTED, STARTED, FINISHED], ['out_of_order']],
  ['text after RUN_FINISHED', [STARTED, FINISHED, start, end, FINISHED], [STARTED, FINISHED, STARTED, start, end, FINISHED], ['out_of_order']],
  ['a result after RUN_FINISHED', [STARTED, call, callEnd, FINISHED, result], [STARTED, call, callEnd, FINISHED, result], []],
  ['two RUN_FINISHED', [STARTED, FINISHED, FINISHED], [STARTED, FINISHED, FINISHED], ['out_of_order']],
  ['text after RUN_ERROR', [STARTED, failed, delta], [STARTED, failed], ['out_of_order']],
  ['RUN_FINISHED after RUN_ERROR', [STARTED, failed, FINISHED], [STARTED, failed], ['out_of_order']],
  ['a START of an open id', [STARTED, start, start, end, FINISHED], [STARTED, start, start, end, FINISHED], ['out_of_order']],
  ['a START of an open call', [STARTED, call, call, callEnd, FINISHED], [STARTED, call, call, callEnd, FINISHED], ['out_of_order']],
  ['text of an id never opened', [STARTED, delta, delta, end, FINISHED], [STARTED, start, delta, delta, end, FINISHED], ['orphan']],
  ['text after END', [STARTED, start, end, delta, end, FINISHED], [STARTED, start, end, start, delta, end, FINISHED], ['orphan']],
  [
    'reasoning of an id never opened',
    [STARTED, thought, { type: 'REASONING_MESSAGE_END', messageId: 'm' }, FINISHED],
    [
      STARTED,
      { type: 'REASONING_MESSAGE_START', messageId: 'm', role: 'reasoning' },
      thought,
      { type: 'REASONING_MESSAGE_END', messageId: 'm' },
      FINISHED,
    ],
    ['orphan'],
  ],
  ['arguments of a call never opened', [STARTED, args, FINISHED], [STARTED, FINISHED], ['orphan']],
  ['arguments after END', [STARTED, call, callEnd, args, FINISHED], [STARTED, call, callEnd, FINISHED], ['orphan']],
  ['an END of an id never opened', [STARTED, end, callEnd, FINISHED], [STARTED, FINISHED], ['out_of_order', 'out_of_order']],
  ['a second END of a call', [STARTED, call, callEnd, callEnd, FINISHED], [STARTED, call, callEnd, FINISHED], []],
  [
    'RUN_FINISHED with something open',
    [STARTED, start, delta, call, args, FINISHED],
    [STARTED, start, delta, call, args, end, callEnd, FINISHED],
    ['out_of_order'],
  ],
  ['STEP_FINISHED without its start', [STARTED, stepEnd, FINISHED], [STARTED, FINISHED], ['out_of_order']],
  ['RUN_FINISHED in a step', [STARTED, stepStart, FINISHED], [STARTED, stepStart, FINISHED], ['out_of_order']],
  ['SUBAGENT_FINISHED without its start', [STARTED, subagentEnd, FINISHED], [STARTED, FINISHED], ['out_of_order']],
  ['a subagent that never ends', [STARTED, subagent, FINISHED], [STARTED, subagent, FINISHED], ['out_of_order']],
]

describe('the order rules', () => {
  it.each(deviations)('tolerant repairs: %s', (_, input, output, warnings) => {
    const decoding = decodeAll(input)
    expect(decoding.error).toBeUndefined()
    expect(decoding.chunks).toEqual(output)
    expect(decoding.warnings.map(({ code }) => code)).toEqual(warnings)
  })
  it.each(deviations)('strict refuses: %s', (_, input) => {
    expect(decodeAll(input, { profile: 'strict' }).error).toMatchObject({ code: 'protocol' })
  })
  it.each(deviations)('what tolerant makes of it is well-formed, and taken as it is: %s', (_, input) => {
    const once = decodeAll(input).chunks
    expect(decodeAll(once).chunks).toEqual(once)
  })
  it.each([
    [
      'interleaved ids',
      [STARTED, start, { ...start, messageId: 'n' }, delta, { ...delta, messageId: 'n' }, { ...end, messageId: 'n' }, end, FINISHED],
    ],
    ['an id opened again', [STARTED, start, end, start, delta, end, FINISHED]],
    [
      'a reasoning span and message of one id',
      [
        STARTED,
        { type: 'REASONING_START', messageId: 'm' },
        { type: 'REASONING_MESSAGE_START', messageId: 'm', role: 'reasoning' },
        thought,
        { type: 'REASONING_MESSAGE_END', messageId: 'm' },
        { type: 'REASONING_END', messageId: 'm' },
        FINISHED,
      ],
    ],
    ['an error first', [failed]],
    ['an error with things open', [STARTED, start, call, failed]],
    ['a late error', [STARTED, FINISHED, failed]],
    ['another run after an error', [STARTED, start, failed, STARTED, start, end, FINISHED]],
    ['two runs', [STARTED, start, end, FINISHED, STARTED, start, end, FINISHED]],
    [
      'one step name of two owners',
      [STARTED, stepStart, subagent, { ...stepStart, subagentRunId: 'sub' }, { ...stepEnd, subagentRunId: 'sub' }, subagentEnd, stepEnd, FINISHED],
    ],
  ] as [string, Chunk[]][])('both profiles accept: %s', (_, input) => {
    for (const profile of ['strict', 'tolerant'] as const) {
      const { chunks, error, warnings } = decodeAll(input, { profile })
      expect(error).toBeUndefined()
      expect(warnings).toEqual([])
      expect(chunks).toEqual(input)
    }
  })
  it('a call that a limit cut short is not completed', () => {
    const finished: Chunk = { ...FINISHED, metadata: { finishReason: 'length' } } as Chunk
    expect(decodeAll([STARTED, call, args, finished]).chunks).toEqual([STARTED, call, args, finished])
  })
  it('a result closes a call that is still open', () => {
    expect(decodeAll([STARTED, call, args, result, FINISHED]).chunks).toEqual([STARTED, call, args, callEnd, result, FINISHED])
  })
  it('an in-process stream needs no RUN_STARTED, and none is made', () => {
    const { chunks, warnings } = decodeAll([start, delta, end], { source: 'in-process' })
    expect(chunks).toEqual([start, delta, end])
    expect(warnings).toEqual([])
  })
  it('an in-process stream that began with RUN_STARTED owes an end for each step', () => {
    expect(decodeAll([STARTED, FINISHED, start, delta], { source: 'in-process' }).chunks).toEqual([STARTED, FINISHED, STARTED, start, delta])
    expect(decodeAll([start, end, FINISHED, start, delta], { source: 'in-process' }).chunks).toEqual([start, end, FINISHED, start, delta])
  })
  it('the RUN_STARTED that was made has the ids of the context, the next one those of the stream', () => {
    const own: Chunk = { type: 'RUN_STARTED', threadId: 'T', runId: 'R' }
    const { chunks } = decodeAll([start, end, FINISHED, own, { ...FINISHED, threadId: 'T', runId: 'R' }, start, end], { threadId: 'a', runId: 'b' })
    expect(chunks.filter((chunk) => chunk.type === 'RUN_STARTED')).toEqual([{ type: 'RUN_STARTED', threadId: 'a', runId: 'b' }, own, own])
  })
})
