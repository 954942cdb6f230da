import type { MessagePart, ToolCallPart, UIMessage } from '@statechat/core'
import type { Moment } from '../recording/moment.ts'
import { preview } from '../text/preview.ts'
import { createTable } from '../widgets/table.ts'
import type { Pane } from './pane.ts'

/** How many calls are shown: the latest. */
const MAX_CALLS = 200

const SETTLED: ReadonlySet<ToolCallPart['state']> = new Set(['complete', 'error', 'cancelled'])

/** The calls of tools, the open ones first. */
export function createTools(): Pane {
  const table = createTable('Tool calls', ['Tool', 'State', 'Input', 'Result', 'Call'], 'No tool was called.')
  let shown: Moment | undefined
  return {
    element: table.element,
    render({ entry }) {
      const moment = entry?.moment
      if (moment === shown) return
      shown = moment
      const calls = moment ? latestCalls(moment.messages()) : []
      const open = calls.filter(isOpen)
      table.render(
        [...open, ...calls.filter((call) => !isOpen(call))].map((call) => ({ cells: cellsOf(call), mark: isOpen(call) ? 'open' : call.state })),
      )
    },
  }
}

const isOpen = ({ state }: ToolCallPart): boolean => !SETTLED.has(state)

/** The latest first. */
function latestCalls(messages: readonly UIMessage[]): ToolCallPart[] {
  const calls: ToolCallPart[] = []
  for (let i = messages.length - 1; i >= 0 && calls.length < MAX_CALLS; i--) calls.push(...messages[i]!.parts.filter(isCall).reverse())
  return calls.slice(0, MAX_CALLS)
}

const isCall = (part: MessagePart): part is ToolCallPart => part.type === 'tool-call'

function cellsOf({ name, state, id, input, arguments: json, output, error, progress }: ToolCallPart): string[] {
  return [name, state, input === undefined ? json.slice(0, 200) : preview(input), resultOf({ output, error, progress }), id]
}

function resultOf({ output, error, progress }: Pick<ToolCallPart, 'output' | 'error' | 'progress'>): string {
  if (error !== undefined) return error
  return preview(output ?? progress ?? '').replace(/^""$/, '')
}
