import { describe, expect, it } from 'vitest'
import { isChatError } from '../errors.ts'
import type { Chunk } from './chunk.ts'
import { textStream } from './text-stream.ts'

const decode = (...values: unknown[]): Chunk[] => {
  const out: Chunk[] = []
  const decoder = textStream().createDecoder({ threadId: 't', runId: 'r', source: 'response', onWarning: () => {} })
  for (const value of values) decoder.decode(value, out)
  decoder.end(out)
  return out
}

describe('textStream', () => {
  it('is one answer, verbatim, over at the end of the body', () => {
    const messageId = 'r-message'
    expect(decode('Grüß ', '', '\n{"not": "parsed"}')).toEqual([
      { type: 'RUN_STARTED', threadId: 't', runId: 'r' },
      { type: 'TEXT_MESSAGE_START', messageId, role: 'assistant' },
      { type: 'TEXT_MESSAGE_CONTENT', messageId, delta: 'Grüß ' },
      { type: 'TEXT_MESSAGE_CONTENT', messageId, delta: '\n{"not": "parsed"}' },
      { type: 'TEXT_MESSAGE_END', messageId },
      { type: 'RUN_FINISHED', threadId: 't', runId: 'r' },
    ])
  })

  it('of nothing is nothing', () => {
    expect(decode('')).toEqual([])
  })

  it('takes text alone', () => {
    const failure = (() => {
      try {
        return decode({ type: 'text' })
      } catch (error) {
        return error
      }
    })()
    expect(isChatError(failure) && failure.code).toBe('protocol')
  })
})
