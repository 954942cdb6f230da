import { describe, expect, it } from 'vitest'
import type { Interrupt } from '../protocol/chunk.ts'
import { answerInterrupt, interrupt, resumeEntries } from './interrupt.ts'
import type { UIMessage } from './message.ts'

const empty: UIMessage = { id: 'a', role: 'assistant', parts: [] }
const binding = { v: 1, kind: 'generic', interruptId: 'i', definitionId: 'review', key: 'plan', batchIndex: 0, responseSchemaHash: 'sha256:1' }
const question: Interrupt = {
  id: 'i',
  reason: 'review-required',
  message: 'Fine?',
  expiresAt: '2026-01-01T00:00:00Z',
  metadata: { 'tanstack:interruptBinding': binding, 'tanstack:interruptPayload': { title: 'Plan' }, theirs: 1 },
}
const continuation = {
  v: 1,
  definitionId: 'review',
  key: 'plan',
  batchIndex: 0,
  reason: 'review-required',
  message: 'Fine?',
  expiresAt: '2026-01-01T00:00:00Z',
  responseSchemaHash: 'sha256:1',
  payload: { title: 'Plan' },
}
const answered = (asked: Interrupt, answer: { status: 'resolved' | 'cancelled'; payload?: unknown }) =>
  resumeEntries(answerInterrupt(interrupt(empty, asked), { id: asked.id, ...answer }))

describe('the answer to a question of a TanStack AI server', () => {
  it.each([[{ status: 'resolved', payload: { ok: true } } as const], [{ status: 'cancelled' } as const]])(
    'brings the question back, as its server keeps none: %o',
    (answer) => {
      expect(answered(question, answer)).toEqual([{ interruptId: 'i', ...answer, metadata: { 'tanstack:interruptContinuation': continuation } }])
    },
  )
  it('has the words of the question, also when there are none', () => {
    const [entry] = answered({ id: 'i', reason: 'r', metadata: { 'tanstack:interruptBinding': binding } }, { status: 'resolved', payload: 1 })
    expect(JSON.parse(JSON.stringify(entry))).toEqual({
      interruptId: 'i',
      status: 'resolved',
      payload: 1,
      metadata: {
        'tanstack:interruptContinuation': {
          v: 1,
          definitionId: 'review',
          key: 'plan',
          batchIndex: 0,
          reason: 'r',
          message: '',
          responseSchemaHash: 'sha256:1',
        },
      },
    })
  })
})

describe('the answer to any other question', () => {
  it.each([
    ['without metadata', undefined],
    ['with metadata of its own', { theirs: 1 }],
    ['bound by somebody who defines no questions', { 'tanstack:interruptBinding': { v: 1, kind: 'generic', interruptId: 'i' } }],
  ])('%s is the answer alone', (_what, metadata) => {
    expect(answered({ id: 'i', reason: 'r', metadata }, { status: 'resolved', payload: 1 })).toEqual([
      { interruptId: 'i', status: 'resolved', payload: 1 },
    ])
  })
})
