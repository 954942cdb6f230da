import type { Custom, Interrupt, JsonSchema } from '@statechat/core/wire'
import type { WaitingCall } from './run-calls.ts'
import type { ToolSet } from './tool-set.ts'

const PREFIX = 'approval_'
const interruptId = (toolCallId: string): string => `${PREFIX}${toolCallId}`

/** The call that a question of ours was about; `undefined` for somebody else's question. */
export const questionedCall = (interruptId: string): string | undefined =>
  interruptId.startsWith(PREFIX) ? interruptId.slice(PREFIX.length) : undefined

/** The question whether a call may run, as AG-UI asks it. `expiresAt` is a date. */
export function approvalInterrupt({ call, input }: WaitingCall, tools: ToolSet, expiresAt: Date | undefined): Interrupt {
  const { name } = call.function
  const editedArgs = (tools.wire.find((tool) => tool.name === name)?.parameters as JsonSchema | undefined) ?? { type: 'object' }
  return {
    id: interruptId(call.id),
    reason: 'tool_call',
    message: `${name} runs only if you agree.`,
    toolCallId: call.id,
    responseSchema: {
      type: 'object',
      properties: { approved: { type: 'boolean' }, editedArgs, reason: { type: 'string' } },
      required: ['approved'],
    },
    ...(expiresAt && { expiresAt: expiresAt.toISOString() }),
    // TanStack AI's client knows an approval by these three.
    metadata: { kind: 'approval', toolName: name, input },
  }
}

/** The same for clients that read no outcome, e.g. TanStack AI's: an event for each call that waits for them. */
export function announcement({ call, for: whom, input }: WaitingCall): Custom {
  const value = { toolCallId: call.id, toolName: call.function.name, input }
  if (whom === 'client') return { type: 'CUSTOM', name: 'tool-input-available', value }
  return { type: 'CUSTOM', name: 'approval-requested', value: { ...value, approval: { id: interruptId(call.id), needsApproval: true } } }
}
