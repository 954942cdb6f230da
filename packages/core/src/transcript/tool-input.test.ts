import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Chunk } from '../protocol/chunk.ts'
import { applyChunk } from './apply-chunk.ts'
import type { ToolCallPart, UIMessage } from './message.ts'

const start: Chunk = { type: 'TOOL_CALL_START', toolCallId: 'c', toolCallName: 'write' }
const end: Chunk = { type: 'TOOL_CALL_END', toolCallId: 'c' }
const args = (delta: string): Chunk => ({ type: 'TOOL_CALL_ARGS', toolCallId: 'c', delta })
const begun = applyChunk({ id: 'm', role: 'assistant', parts: [] }, start)
const after = (message: UIMessage, ...deltas: string[]) => deltas.map(args).reduce(applyChunk, message)
const call = (message: UIMessage) => message.parts[0] as ToolCallPart
const inputAfter = (message: UIMessage, ...deltas: string[]) => call(after(message, ...deltas)).input

describe('the input of a call whose arguments stream', () => {
  it('grows with them', () => {
    expect(call(begun)).not.toHaveProperty('input')
    expect(call(after(begun, ' '))).not.toHaveProperty('input')
    expect(inputAfter(begun, '{"path":"a')).toEqual({ path: 'a' })
    expect(inputAfter(begun, '{"path":"a', '.txt","lines":[1', '0,2')).toEqual({ path: 'a.txt', lines: [10] })
  })
  it('is what JSON.parse gives when they have ended', () => {
    const message = applyChunk(after(begun, '{"n":1', '0}'), end)
    expect(call(message)).toMatchObject({ state: 'input-complete', input: { n: 10 } })
  })
  it('stays as it was understood when they turn out to be no JSON, and the call fails at its end', () => {
    const message = after(begun, '{"n":"1"', '; drop', '"more":1}')
    expect(call(message)).toMatchObject({ state: 'input-streaming', input: { n: '1' } })
    expect(call(applyChunk(message, end)).state).toBe('error')
  })
  it('of an earlier version of the message is not touched by a later delta', () => {
    const before = after(begun, '{"rows":[{"a":"x')
    const input = call(before).input
    after(before, 'y"},{"a":"z')
    expect(call(before).input).toBe(input)
    expect(input).toEqual({ rows: [{ a: 'x' }] })
  })
  it('is right when two deltas follow the same version', () => {
    const before = after(begun, '{"text":"a')
    expect(inputAfter(before, 'b')).toEqual({ text: 'ab' })
    expect(inputAfter(before, 'c')).toEqual({ text: 'ac' })
    expect(inputAfter(before, 'b', 'c')).toEqual({ text: 'abc' })
  })
  it('is right when the message was restored in between', () => {
    const before = JSON.parse(JSON.stringify(after(begun, '{"text":"a\\'))) as UIMessage
    expect(inputAfter(before, 'nb')).toEqual({ text: 'a\nb' })
  })
  it('is right when something else of the call changed in between', () => {
    const renamed = applyChunk(after(begun, '{"text":"a'), { ...start, toolCallName: 'edit' } as Chunk)
    expect(call(after(renamed, 'b'))).toMatchObject({ name: 'edit', arguments: '{"text":"ab', input: { text: 'ab' } })
  })
  it('keeps the identity of what is closed, and gives a new one to what grows', () => {
    const before = inputAfter(begun, '{"done":{"a":1},"open":{"b":"x') as Record<string, unknown>
    const message = after(begun, '{"done":{"a":1},"open":{"b":"x')
    const [one, two] = [call(message).input, inputAfter(message, 'y')] as [Record<string, unknown>, Record<string, unknown>]
    expect(one).toEqual(before)
    expect(two['done']).toBe(one['done'])
    expect(two['open']).not.toBe(one['open'])
    expect(two).not.toBe(one)
  })
  it('ends at what JSON.parse gives, for any versions, deltas and steps back', () => {
    const steps = fc.array(fc.record({ length: fc.integer({ min: 1, max: 7 }), goesBack: fc.boolean() }), { minLength: 1 })
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), steps, (value, each) => {
        const text = JSON.stringify(value)
        let message = begun
        for (let at = 0, i = 0; at < text.length; i++) {
          const { length, goesBack } = each[i % each.length]!
          const delta = text.slice(at, at + length)
          // The same version is continued twice, otherwise the first time.
          if (goesBack) after(message, delta, '"elsewhere')
          message = after(message, delta)
          at += length
        }
        expect(call(message).input).toEqual(JSON.parse(text))
        expect(call(applyChunk(message, end)).input).toEqual(JSON.parse(text))
      }),
    )
  })
})
