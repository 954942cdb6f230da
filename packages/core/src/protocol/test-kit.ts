import type { ChatWarning } from '../errors.ts'
import { agUi, type AgUiOptions } from './ag-ui.ts'
import type { Chunk } from './chunk.ts'
import type { DecoderOptions } from './protocol.ts'

export interface Decoding {
  chunks: Chunk[]
  types: string[]
  warnings: ChatWarning[]
  error?: unknown
}

/** Runs values through a decoder to the end; an error is part of the answer, and ends it. */
export function decodeAll(values: readonly unknown[], options: AgUiOptions & Partial<DecoderOptions> = {}): Decoding {
  const warnings: ChatWarning[] = []
  const chunks: Chunk[] = []
  const decoding: Decoding = { chunks, types: [], warnings }
  const { profile, ...rest } = options
  const decoder = agUi({ profile }).createDecoder({
    threadId: 'thread-1',
    runId: 'run-1',
    source: 'response',
    onWarning: (warning) => warnings.push(warning),
    ...rest,
  })
  try {
    for (const value of values) decoder.decode(value, chunks)
    decoder.end(chunks)
  } catch (error) {
    decoding.error = error
  }
  decoding.types = chunks.map((chunk) => chunk.type)
  return decoding
}

export const STARTED: Chunk = { type: 'RUN_STARTED', threadId: 'thread-1', runId: 'run-1' }
export const FINISHED: Chunk = { type: 'RUN_FINISHED', threadId: 'thread-1', runId: 'run-1' }
