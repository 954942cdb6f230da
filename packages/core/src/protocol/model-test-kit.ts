import fc from 'fast-check'
import { expect } from 'vitest'
import { type ChatWarning, isChatError } from '../errors.ts'
import { agUi } from './ag-ui.ts'
import type { Chunk, RunAgentInput, WireMessage, WireTool } from './chunk.ts'
import type { Protocol, ProtocolRequest } from './protocol.ts'

interface ModelDecoding {
  chunks: Chunk[]
  types: string[]
  warnings: ChatWarning[]
  text: string
  thought: string
  error?: unknown
}

/** Runs the events of one answer through a protocol to the end; an error is part of the answer, and ends it. */
export function decodeModel(protocol: Protocol, events: readonly unknown[]): ModelDecoding {
  const warnings: ChatWarning[] = []
  const chunks: Chunk[] = []
  const onWarning = (warning: ChatWarning) => void warnings.push(warning)
  const decoder = protocol.createDecoder({ threadId: 'thread-1', runId: 'run-1', source: 'response', onWarning })
  let error: unknown
  try {
    for (const event of events) decoder.decode(event, chunks)
    decoder.end(chunks)
  } catch (thrown) {
    error = thrown
  }
  const deltas = (type: 'TEXT_MESSAGE_CONTENT' | 'REASONING_MESSAGE_CONTENT') =>
    chunks.map((chunk) => (chunk.type === type ? chunk.delta : '')).join('')
  return {
    chunks,
    types: chunks.map(({ type }) => type),
    warnings,
    text: deltas('TEXT_MESSAGE_CONTENT'),
    thought: deltas('REASONING_MESSAGE_CONTENT'),
    ...(error !== undefined && { error }),
  }
}

/** The chunks of a stream in which nothing is wrong. */
export function chunksOf(protocol: Protocol, ...events: unknown[]): Chunk[] {
  const { chunks, warnings, error } = decodeModel(protocol, events)
  expect(error).toBeUndefined()
  expect(warnings).toEqual([])
  expectWellFormed(chunks)
  return chunks
}

/** The strict profile of AG-UI finds nothing to say. */
function expectWellFormed(chunks: readonly Chunk[]): void {
  const strict = agUi({ profile: 'strict' }).createDecoder({ threadId: 'thread-1', runId: 'run-1', source: 'response', onWarning: () => {} })
  const again: Chunk[] = []
  for (const chunk of chunks) strict.decode(chunk, again)
  expect(again).toEqual(chunks)
}

const TERMINAL = new Set(['RUN_FINISHED', 'RUN_ERROR'])
export const terminalsOf = (chunks: readonly Chunk[]): Chunk[] => chunks.filter(({ type }) => TERMINAL.has(type))

type Mutation = (events: unknown[]) => unknown[]

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.nat().map((at) => (events: unknown[]) => events.filter((_, i) => i !== at % events.length)),
  fc.nat().map((at) => (events: unknown[]) => events.flatMap((event, i) => (i === at % events.length ? [event, event] : [event]))),
  fc.tuple(fc.nat(), fc.nat()).map(
    ([a, b]) =>
      (events: unknown[]) =>
        swapped(events, a % events.length, b % events.length),
  ),
  fc.nat().map((length) => (events: unknown[]) => events.slice(0, length % events.length)),
  fc.tuple(fc.nat(), fc.nat(), fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom('__proto__', 'constructor', '', null))).map(
    ([at, path, value]) =>
      (events: unknown[]) =>
        events.map((event, i) => (i === at % events.length ? corrupted(event, path, value) : event)),
  ),
)

/** A stream after up to six accidents. */
export const mutated = (stream: readonly unknown[]): fc.Arbitrary<unknown[]> =>
  fc
    .array(mutation, { minLength: 1, maxLength: 6 })
    .map((mutations) => mutations.reduce((left, change) => (left.length === 0 ? left : change(left)), [...stream]))

function swapped(events: unknown[], a: number, b: number): unknown[] {
  return events.map((event, i) => (i === a ? events[b] : i === b ? events[a] : event))
}

/** The same value with another one somewhere in it. */
function corrupted(value: unknown, path: number, by: unknown): unknown {
  if (typeof value !== 'object' || value === null) return by
  const entries = Object.entries(value)
  if (entries.length === 0 || path % 7 === 6) return by
  const [key, inner] = entries[path % entries.length]!
  const changed = path % 3 === 0 ? by : corrupted(inner, Math.floor(path / 3), by)
  return Array.isArray(value) ? Object.assign([...value], { [key]: changed }) : { ...value, [key]: changed }
}

/**
 * Whatever happens to the events of a valid stream, what comes out is well-formed: RUN_STARTED first, one terminal chunk at most,
 * and nothing is thrown but a `ChatError`. Cut short, it never says that the run is over.
 */
export function expectHardy(protocol: Protocol, stream: readonly unknown[], terminals = 1): void {
  fc.assert(
    fc.property(mutated(stream), (events) => {
      const { chunks, error } = decodeModel(protocol, events)
      if (error !== undefined) expect([isChatError(error), (error as { code?: string }).code]).toEqual([true, 'protocol'])
      expect(terminalsOf(chunks).length).toBeLessThanOrEqual(1)
      expectWellFormed(chunks)
    }),
    { numRuns: 600 },
  )
  expect(terminalsOf(decodeModel(protocol, stream).chunks)).toHaveLength(1)
  for (let length = 1; length <= stream.length - terminals; length++) {
    const { chunks } = decodeModel(protocol, stream.slice(0, length))
    expect(chunks[0]?.type).toBe('RUN_STARTED')
    expect(terminalsOf(chunks)).toEqual([])
  }
}

/** A request as the chat makes it. */
export function requestOf(messages: WireMessage[], more: Partial<RunAgentInput> & Pick<ProtocolRequest, 'data'> = {}): ProtocolRequest {
  const { data, ...input } = more
  return {
    input: { threadId: 'thread-1', runId: 'run-1', state: {}, messages, tools: [], context: [], forwardedProps: {}, ...input },
    messages: [],
    data,
  }
}

export const WEATHER: WireTool = {
  name: 'weather',
  description: 'The weather in a city',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
}

export const STARTED: Chunk = { type: 'RUN_STARTED', threadId: 'thread-1', runId: 'run-1' }
export const RUN = { threadId: 'thread-1', runId: 'run-1' }
