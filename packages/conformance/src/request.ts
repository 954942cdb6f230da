import type { ManualRun } from '@statechat/core/testing'

/** The results that a request carries, in its order: `id = content`, or `id ! error`. */
export const resultsIn = ({ context }: ManualRun): string[] =>
  context.input.messages.flatMap((message) => {
    if (message.role !== 'tool') return []
    const { toolCallId, content, error } = message
    return [error === undefined ? `${toolCallId} = ${String(content)}` : `${toolCallId} ! ${error}`]
  })

/** The arguments of the calls that a request carries: `id = arguments`. Throws for what is no JSON, as providers do. */
export const argumentsIn = ({ context }: ManualRun): string[] =>
  context.input.messages.flatMap((message) => {
    if (message.role !== 'assistant') return []
    return (message.toolCalls ?? []).map((call) => `${call.id} = ${JSON.stringify(JSON.parse(call.function.arguments))}`)
  })
