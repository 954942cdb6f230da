import type { WireMessage } from '@statechat/core/wire'
import type { FileReader } from './prompt-file.ts'
import type { ToolOutput } from './prompt-part.ts'

/** The answer to a call, as a prompt holds it: JSON where it is some, for models that tell it from text. */
export async function toolOutput(
  { content, error }: Pick<Extract<WireMessage, { role: 'tool' }>, 'content' | 'error'>,
  { files, isProviders }: { files: FileReader; isProviders: boolean },
): Promise<ToolOutput> {
  if (typeof content !== 'string') {
    const value = await Promise.all(content.map(async (part) => (part.type === 'text' ? { type: 'text', text: part.text } : files.outputFile(part))))
    if (error === undefined) return { type: 'content', value }
    return { type: 'error-text', value: error }
  }
  const json = isProviders || /^\s*[{[]/.test(content) ? parse(content) : undefined
  if (error === undefined) return json === undefined ? { type: 'text', value: content } : { type: 'json', value: json }
  return json === undefined ? { type: 'error-text', value: content || error } : { type: 'error-json', value: json }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
