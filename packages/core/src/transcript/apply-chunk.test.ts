import { describe, expect, it } from 'vitest'
import { reasoning, text, toolCall, toolResult } from '../../testing/index.ts'
import type { Chunk } from '../protocol/chunk.ts'
import { applyChunk } from './apply-chunk.ts'
import { finalise } from './finalise.ts'
import { fromWireMessages } from './from-wire.ts'
import { toWireMessages } from './to-wire.ts'
import type { MessagePart, UIMessage } from './message.ts'
import { answerApproval } from './approval.ts'
import { settleCall } from './tool-call.ts'

const empty: UIMessage = { id: 'm', role: 'assistant', parts: [] }
const after = (...chunks: Chunk[]) => chunks.reduce(applyChunk, empty)
const parts = (...chunks: Chunk[]) => after(...chunks).parts
const custom = (name: string, value: unknown): Chunk => ({ type: 'CUSTOM', name, value })

describe('text', () => {
  it('may name who speaks, which goes back with it', () => {
    const message = after({ type: 'TEXT_MESSAGE_START', messageId: 't', name: 'Ada' }, ...text('t', 'Hi').slice(1))
    expect(message.name).toBe('Ada')
    expect(toWireMessages([message])).toMatchObject([{ id: 't', role: 'assistant', name: 'Ada', content: 'Hi' }])
    expect(fromWireMessages(toWireMessages([message]))[0]?.name).toBe('Ada')
  })
  it('is opened, grows and is closed', () => {
    const [start, a, b, end] = text('t', 'a', 'b') as [Chunk, Chunk, Chunk, Chunk]
    expect(parts(start)).toEqual([{ type: 'text', content: '', state: 'streaming', messageId: 't' }])
    expect(parts(start, a, b)).toMatchObject([{ content: 'ab', state: 'streaming' }])
    expect(parts(start, a, b, end)).toMatchObject([{ content: 'ab', state: 'done' }])
  })
  it('is opened by a delta for an id that was never opened', () => {
    expect(parts({ type: 'TEXT_MESSAGE_CONTENT', messageId: 't', delta: 'a' })).toMatchObject([{ content: 'a', state: 'streaming', messageId: 't' }])
  })
  it('is appended to by a START on a known id', () => {
    expect(parts(...text('t', 'a'), ...text('t', 'b'))).toMatchObject([{ content: 'ab', state: 'done' }])
  })
  it('of two ids is two parts, also when they interleave', () => {
    const delta = (messageId: string, content: string): Chunk => ({ type: 'TEXT_MESSAGE_CONTENT', messageId, delta: content })
    expect(parts(delta('t', 'a'), delta('u', 'b'), delta('t', 'c'))).toMatchObject([{ content: 'ac' }, { content: 'b' }])
  })
  it('an END for an id that is not there changes nothing', () => {
    const message = after(...text('t', 'a'))
    expect(applyChunk(message, { type: 'TEXT_MESSAGE_END', messageId: 'nobody' })).toBe(message)
  })
  it('keeps an empty delta from making a new part', () => {
    const message = after(...text('t', 'a').slice(0, 2))
    expect(applyChunk(message, { type: 'TEXT_MESSAGE_CONTENT', messageId: 't', delta: '' })).toBe(message)
  })
  it('merges metadata per key', () => {
    const delta = (metadata: object): Chunk => ({ type: 'TEXT_MESSAGE_CONTENT', messageId: 't', delta: 'a', metadata: metadata as never })
    expect(parts(delta({ a: 1, b: 1 }), delta({ b: 2, c: 2 }))).toMatchObject([{ metadata: { a: 1, b: 2, c: 2 } }])
  })
})

describe('thinking', () => {
  it('is opened, grows and is closed', () => {
    expect(parts(...reasoning('r', 'a', 'b').slice(0, -1))).toMatchObject([{ type: 'thinking', content: 'ab', state: 'streaming' }])
    expect(parts(...reasoning('r', 'a', 'b'))).toMatchObject([{ type: 'thinking', content: 'ab', state: 'done', messageId: 'r' }])
  })
  it('and text of the same id are two parts', () => {
    expect(parts(...reasoning('x', 'a'), ...text('x', 'b')).map(({ type }) => type)).toEqual(['thinking', 'text'])
  })
  it('keeps its sealed form', () => {
    const sealed = (entityId: string): Chunk => ({ type: 'REASONING_ENCRYPTED_VALUE', subtype: 'message', entityId, encryptedValue: 'sealed' })
    expect(parts(...reasoning('r', 'a'), sealed('r'))).toMatchObject([{ content: 'a', signature: 'sealed' }])
    expect(parts(...text('t', 'a'), sealed('t'))).toMatchObject([{ type: 'text', encryptedValue: 'sealed' }])
    expect(parts(sealed('redacted'))).toMatchObject([{ type: 'thinking', content: '', signature: 'sealed' }])
    expect(
      parts(...toolCall('c', 'x', {}), { type: 'REASONING_ENCRYPTED_VALUE', subtype: 'tool-call', entityId: 'c', encryptedValue: 'sealed' }),
    ).toMatchObject([{ id: 'c', encryptedValue: 'sealed' }])
  })
})

describe('a tool call', () => {
  const args = (delta: string): Chunk => ({ type: 'TOOL_CALL_ARGS', toolCallId: 'c', delta })
  const [start, whole, end] = toolCall('c', 'ask', { n: 1 }) as [Chunk, Chunk, Chunk]

  it('waits for its input, streams it, and has it parsed at the end', () => {
    expect(parts(start)).toEqual([{ type: 'tool-call', id: 'c', name: 'ask', arguments: '', state: 'awaiting-input' }])
    expect(parts(start, args('{"n"'))).toMatchObject([{ state: 'input-streaming', arguments: '{"n"' }])
    expect(parts(start, whole, end)).toMatchObject([{ state: 'input-complete', arguments: '{"n":1}', input: { n: 1 } }])
  })
  it('without arguments has an empty input', () => {
    expect(parts(start, end)).toMatchObject([{ state: 'input-complete', input: {} }])
  })
  it('whose arguments are no JSON is an error that says so', () => {
    expect(parts(start, args('{"n"'), end)).toMatchObject([{ state: 'error', arguments: '{"n"', error: expect.stringContaining('ask') }])
  })
  it('START is idempotent by id', () => {
    expect(parts(start, whole, start, end)).toMatchObject([{ state: 'input-complete', input: { n: 1 } }])
    expect(parts(start, whole, end, start)).toMatchObject([{ state: 'input-complete', input: { n: 1 } }])
  })
  it('arguments that come after its end are not taken', () => {
    const message = after(start, whole, end)
    expect(applyChunk(message, args('more'))).toBe(message)
  })
  it('has its answer as output, and the answer as it travelled after it', () => {
    expect(parts(start, whole, end, toolResult('c', { ok: true }))).toMatchObject([
      { state: 'complete', input: { n: 1 }, output: { ok: true } },
      { type: 'tool-result', toolCallId: 'c', content: '{"ok":true}', state: 'complete', messageId: 'c-result' },
    ])
    expect(parts(start, whole, end, toolResult('c', 'plain'))).toMatchObject([{ output: 'plain' }, { content: 'plain' }])
  })
  it('answered before its end was seen is complete all the same', () => {
    expect(parts(start, whole, toolResult('c', 1))).toMatchObject([{ state: 'complete', input: { n: 1 }, output: 1 }, {}])
  })
  it('a later answer replaces the earlier one', () => {
    expect(parts(start, whole, end, toolResult('c', 1), toolResult('c', 2))).toMatchObject([{ output: 2 }, { content: '2' }])
  })
  it('a failed answer is an error of the call', () => {
    const failed = { ...toolResult('c', 'no'), metadata: { error: 'not found' } } as Chunk
    expect(parts(start, whole, end, failed)).toMatchObject([
      { state: 'error', error: 'not found' },
      { state: 'error', error: 'not found' },
    ])
  })
  it('waits for the client when CUSTOM tool-input-available asks, also if nobody announced it', () => {
    const asked = custom('tool-input-available', { toolCallId: 'c', toolName: 'ask', input: { n: 1 } })
    expect(parts(start, whole, end, asked)).toMatchObject([{ state: 'input-complete', input: { n: 1 }, arguments: '{"n":1}' }])
    expect(parts(asked)).toMatchObject([{ id: 'c', name: 'ask', state: 'input-complete', input: { n: 1 }, arguments: '{"n":1}' }])
  })
  it('asks for approval by CUSTOM approval-requested or by an interrupt', () => {
    const byCustom = parts(
      start,
      whole,
      end,
      custom('approval-requested', { toolCallId: 'c', toolName: 'ask', input: { n: 1 }, approval: { id: 'p', needsApproval: true } }),
    )
    const byInterrupt = parts(start, whole, end, {
      type: 'RUN_FINISHED',
      threadId: 't',
      runId: 'r',
      outcome: { type: 'interrupt', interrupts: [{ id: 'p', reason: 'approval', toolCallId: 'c' }] },
    })
    for (const asked of [byCustom, byInterrupt])
      expect(asked).toMatchObject([{ state: 'approval-requested', input: { n: 1 }, approval: { id: 'p', needsApproval: true } }])
  })
  it('is approved once, or denied with a reason', () => {
    const asked = after(
      start,
      whole,
      end,
      custom('approval-requested', { toolCallId: 'c', toolName: 'ask', input: {}, approval: { id: 'p', needsApproval: true } }),
    )
    const approved = answerApproval(asked, { toolCallId: 'c', approved: true })
    expect(approved.parts).toMatchObject([{ state: 'approval-responded', approval: { approved: true } }])
    expect(answerApproval(approved, { toolCallId: 'c', approved: false })).toBe(approved)
    expect(answerApproval(asked, { toolCallId: 'c', approved: false, reason: 'No.' }).parts).toMatchObject([
      { state: 'cancelled', error: 'The user denied this call: No.', approval: { approved: false, reason: 'No.' } },
    ])
    expect(answerApproval(asked, { toolCallId: 'other', approved: true })).toBe(asked)
  })
  it('keeps name, arguments, ids, metadata and approval in every state', () => {
    const rich = after({ ...start, parentMessageId: 'p', metadata: { a: 1 } } as Chunk, whole, end)
    for (const message of [rich, settleCall(rich, 'c', { output: 1 }), settleCall(rich, 'c', { error: 'no' }), finalise(rich, 'stopped')]) {
      expect(message.parts[0]).toMatchObject({ type: 'tool-call', id: 'c', name: 'ask', arguments: '{"n":1}', messageId: 'p', metadata: { a: 1 } })
    }
  })
})

describe('sources and data', () => {
  it('a source comes once per id', () => {
    const source = (id: string) => custom('source', { id, url: 'https://example.org', title: 'A page' })
    expect(parts(source('s'), source('s'), source('t'))).toEqual([
      { type: 'source', id: 's', url: 'https://example.org', title: 'A page' },
      { type: 'source', id: 't', url: 'https://example.org', title: 'A page' },
    ])
  })
  it('data is updated in place by name and id, else added', () => {
    const data = (name: string, value: unknown) => custom(`data-${name}`, value)
    expect(
      parts(data('x', { id: '1', data: 1 }), data('x', { id: '2', data: 2 }), data('x', { id: '1', data: 3 }), data('y', { id: '1', data: 4 })),
    ).toEqual([
      { type: 'data', name: 'x', id: '1', data: 3 },
      { type: 'data', name: 'x', id: '2', data: 2 },
      { type: 'data', name: 'y', id: '1', data: 4 },
    ])
    expect(parts(data('x', null), data('x', 5), data('x', { data: false }))).toMatchObject([{ data: null }, { data: 5 }, { data: false }])
  })
})

describe('chunks without content', () => {
  it('give the same message back', () => {
    const message = after(...text('t', 'a'))
    const chunks: Chunk[] = [
      { type: 'RUN_STARTED', threadId: 't', runId: 'r' },
      { type: 'RUN_FINISHED', threadId: 't', runId: 'r' },
      { type: 'RUN_ERROR', message: 'no' },
      { type: 'STEP_STARTED', stepName: 's' },
      { type: 'STATE_SNAPSHOT', snapshot: {} },
      { type: 'RAW', event: {} },
      custom('unknown', {}),
      custom('source', null),
      custom('tool-input-available', 7),
      { type: 'TOOL_CALL_END', toolCallId: 'nobody' },
    ]
    for (const chunk of chunks) expect(applyChunk(message, chunk), chunk.type).toBe(message)
  })
})

describe('finalise', () => {
  const open = after(
    ...reasoning('r', 'a').slice(0, 2),
    ...text('t', 'b').slice(0, 2),
    ...toolCall('c', 'x', {}).slice(0, 2),
    ...toolCall('d', 'y', {}),
  )

  it('after a finished run closes texts and completes calls, which may still be owed', () => {
    expect(finalise(open, 'finished').parts).toMatchObject([
      { state: 'done' },
      { state: 'done' },
      { state: 'input-complete', input: {} },
      { state: 'input-complete' },
    ])
  })
  it('after any other end cancels the calls', () => {
    expect(finalise(open, 'stopped').parts).toMatchObject([{ state: 'done' }, { state: 'done' }, { state: 'cancelled' }, { state: 'cancelled' }])
  })
  it('removes texts and thoughts without a character, but not sealed ones', () => {
    const message = after(text('t')[0]!, reasoning('r')[0]!, {
      type: 'REASONING_ENCRYPTED_VALUE',
      subtype: 'message',
      entityId: 's',
      encryptedValue: 'sealed',
    })
    expect(finalise(message, 'finished').parts).toMatchObject([{ type: 'thinking', signature: 'sealed' }])
  })
  it('keeps the identity of what was closed', () => {
    const done = finalise(open, 'finished')
    expect(finalise(done, 'finished')).toBe(done)
    const mixed = after(...text('a', 'x'), ...text('b', 'y').slice(0, 2))
    expect(finalise(mixed, 'stopped').parts[0]).toBe(mixed.parts[0])
  })
  it('leaves nothing open', () => {
    const isOpen = (part: MessagePart) =>
      'state' in part && (part.state === 'streaming' || part.state === 'input-streaming' || part.state === 'awaiting-input')
    for (const ending of ['finished', 'stopped'] as const) expect(finalise(open, ending).parts.filter(isOpen)).toEqual([])
  })
})
