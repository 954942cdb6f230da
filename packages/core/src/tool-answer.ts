import { toContent } from './session/tool-content.ts'
import type { ToolMap } from './tool/tool.ts'
import type { ToolResultPart } from './transcript/message.ts'

/** The answer of the client to a tool call; with tools that are known, `tool` says whose it is, and its output's type is held. */
export type ToolAnswer<Tools extends ToolMap = ToolMap> = string extends keyof Tools
  ? { toolCallId: string; tool?: string | undefined } & ({ output: unknown; error?: undefined } | { error: string; output?: undefined })
  : { [Name in keyof Tools & string]: { toolCallId: string } & ToolOf<Name, Tools[Name]['output']> & AnswerOf<Tools[Name]['output']> }[keyof Tools &
      string]

/** Only an output whose type is known needs to say whose it is. */
type ToolOf<Name, Output> = unknown extends Output ? { tool?: Name | undefined } : { tool: Name }

type AnswerOf<Output> = { output: Output; error?: undefined } | { error: string; output?: undefined }

/** The answer as a part. */
export function toResult({ toolCallId, output, error }: ToolAnswer): ToolResultPart {
  if (error !== undefined) return { type: 'tool-result', toolCallId, content: error, state: 'error', error }
  return { type: 'tool-result', toolCallId, content: toContent(output), state: 'complete' }
}
