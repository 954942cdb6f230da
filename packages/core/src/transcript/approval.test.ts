import { describe, expect, it } from 'vitest'
import type { Interrupt } from '../protocol/chunk.ts'
import { interruptCall } from './approval.ts'
import { isApproval } from './asks.ts'
import type { ToolCallPart, UIMessage } from './message.ts'

const asks = (more: Partial<Interrupt> = {}): Interrupt => ({ id: 'p', reason: 'tool_call', toolCallId: 'c', ...more })
const object = (...fields: string[]) => ({ type: 'object', properties: Object.fromEntries(fields.map((field) => [field, {}])) })
const called: UIMessage = {
  id: 'a',
  role: 'assistant',
  parts: [{ type: 'tool-call', id: 'c', name: 'rm', arguments: '{}', state: 'input-complete', input: {} }],
}
const approvalIn = (message: UIMessage) => (message.parts[0] as ToolCallPart).approval

describe('an interrupt that names a call', () => {
  it.each<[string, Partial<Interrupt>, boolean]>([
    ['without a schema', {}, true],
    ['whose schema names no field', { responseSchema: { type: 'boolean' } }, true],
    ['whose schema has `approved`', { responseSchema: object('approved', 'reason') }, true],
    ['one form of whose schema has `approved`', { responseSchema: { oneOf: [object('approved', 'editedArgs'), object('approved')] } }, true],
    ['whose schema wants something else', { responseSchema: object('city') }, false],
    ['no form of whose schema has `approved`', { responseSchema: { anyOf: [object('city'), object('country')] } }, false],
    ['that says that the client is to run it', { reason: 'tanstack:client_tool_execution', responseSchema: object('city') }, true],
    ['that says so in an older way', { reason: 'client_tool_input', responseSchema: object('city') }, true],
    ['that it does not name after all', { toolCallId: undefined }, false],
  ])('%s: belongs to the call is %s', (_what, more, expected) => {
    expect(isApproval(asks(more))).toBe(expected)
  })

  it.each([
    ['allows another input', object('approved', 'editedArgs'), true],
    ['allows another input with a yes', { oneOf: [object('approved', 'editedArgs'), object('approved')] }, true],
    ['allows yes and no alone', { oneOf: [object('approved'), object('approved', 'payload')] }, undefined],
  ])('says whether the input may be edited: it %s', (_what, responseSchema, isEditable) => {
    expect(approvalIn(interruptCall(called, asks({ responseSchema })))?.isEditable).toBe(isEditable)
  })

  it('asks nobody when the client is to run it', () => {
    expect(interruptCall(called, asks({ reason: 'tanstack:client_tool_execution' }))).toBe(called)
    expect(interruptCall(called, asks({ reason: 'client_tool_input' }))).toBe(called)
  })
})
