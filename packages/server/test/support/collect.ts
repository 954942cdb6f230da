import { HttpAgent } from '@ag-ui/client'
import { EventSchemas } from '@ag-ui/core/schemas'
import { createAgUiDecoder, type Chunk } from '@statechat/core/wire'
import { expect } from 'vitest'
import { toStreamResponse } from '../../src/index.ts'

/** Reads a run to its end. Every chunk must be an AG-UI event as the published schemas know them, and their order one that AG-UI's own client accepts. */
export async function collect(stream: AsyncIterable<Chunk>): Promise<Chunk[]> {
  const chunks: Chunk[] = []
  for await (const chunk of stream) chunks.push(chunk)
  for (const chunk of chunks) expect(EventSchemas.parse(JSON.parse(JSON.stringify(chunk)))).toEqual(JSON.parse(JSON.stringify(chunk)))
  acceptedByUs(chunks)
  await acceptedByHttpAgent(chunks)
  return chunks
}

/** Our own rules of order, which throw at the first deviation. */
function acceptedByUs(chunks: readonly Chunk[]): void {
  const onWarning = (warning: unknown) => expect.unreachable(JSON.stringify(warning))
  const decoder = createAgUiDecoder('strict', { threadId: 't', runId: 'r', source: 'response', onWarning })
  for (const chunk of chunks) decoder.decode(JSON.parse(JSON.stringify(chunk)), [])
}

/** Runs the chunks through `HttpAgent`, which rejects a wrong order, and returns what it made of them. */
async function acceptedByHttpAgent(chunks: readonly Chunk[]) {
  const agent = new HttpAgent({ url: 'http://in.process', fetch: async () => toStreamResponse(chunks) })
  const failures: string[] = []
  await agent.runAgent({}, { onRunErrorEvent: ({ event }) => void failures.push(event.code ?? '') })
  const last = chunks.at(-1)
  expect(failures).toEqual(last?.type === 'RUN_ERROR' ? [last.code] : [])
  return agent.messages
}

/** The chunks without what a test does not care for: `TYPE` or `TYPE text`. */
export const outline = (chunks: readonly Chunk[]): string[] =>
  chunks.map((chunk) => {
    const text = 'delta' in chunk ? chunk.delta : 'toolCallName' in chunk ? chunk.toolCallName : 'content' in chunk ? chunk.content : undefined
    return typeof text === 'string' ? `${chunk.type} ${text}` : chunk.type
  })

export const textOf = (chunks: readonly Chunk[]): string => chunks.map((chunk) => (chunk.type === 'TEXT_MESSAGE_CONTENT' ? chunk.delta : '')).join('')

export const thoughtOf = (chunks: readonly Chunk[]): string =>
  chunks.map((chunk) => (chunk.type === 'REASONING_MESSAGE_CONTENT' ? chunk.delta : '')).join('')

/** Results by call, a failed one as `Error: …`. */
export const resultsOf = (chunks: readonly Chunk[]): Record<string, unknown> =>
  Object.fromEntries(
    chunks.flatMap((chunk) =>
      chunk.type === 'TOOL_CALL_RESULT'
        ? [[chunk.toolCallId, chunk.metadata?.error === undefined ? chunk.content : `Error: ${chunk.metadata.error}`]]
        : [],
    ),
  )

/** The values of the CUSTOM chunks of a name. */
export const customOf = (chunks: readonly Chunk[], name: string): unknown[] =>
  chunks.flatMap((chunk) => (chunk.type === 'CUSTOM' && chunk.name === name ? [chunk.value] : []))

/** Calls by name, arguments joined and parsed. */
export function callsOf(chunks: readonly Chunk[]): { id: string; name: string; input: unknown }[] {
  return chunks.flatMap((start) => {
    if (start.type !== 'TOOL_CALL_START') return []
    const json = chunks.map((chunk) => (chunk.type === 'TOOL_CALL_ARGS' && chunk.toolCallId === start.toolCallId ? chunk.delta : '')).join('')
    return [{ id: start.toolCallId, name: start.toolCallName, input: JSON.parse(json) as unknown }]
  })
}
