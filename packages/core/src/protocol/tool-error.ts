import type { ToolCallResult } from './chunk.ts'
import { isObject } from '../json.ts'

/**
 * A failed tool's result with its reason in `metadata.error`. TanStack AI servers say it with `metadata.tanstack.state`
 * and put the reason into the content, as `{"error": "…"}`.
 */
export function withToolError(chunk: ToolCallResult): ToolCallResult {
  const { metadata, content } = chunk
  const tanstack = metadata?.['tanstack']
  if (metadata?.error !== undefined || !isObject(tanstack) || tanstack['state'] !== 'output-error') return chunk
  return { ...chunk, metadata: { ...metadata, error: typeof content === 'string' ? reasonIn(content) : 'The tool failed.' } }
}

function reasonIn(content: string): string {
  try {
    const value = JSON.parse(content) as unknown
    return isObject(value) && typeof value['error'] === 'string' ? value['error'] : content
  } catch {
    return content
  }
}
