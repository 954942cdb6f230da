import type { Chunk } from './chunk.ts'

type Owner = string | undefined

export interface Attribution {
  /** What `chunk` writes, if it says that it is somebody else's than it was at first. */
  contradiction(chunk: Chunk): string | undefined
  /** Attribution holds for one run. */
  forget(): void
}

/**
 * Whose each message, call, thought and activity is: fixed at first sight for the length of a run (spec: subagents, "Ownership").
 * An event without `subagentRunId` goes on with whatever its entity is, and never contradicts.
 */
export function createAttribution(): Attribution {
  const texts = createOwners('message')
  const thoughts = createOwners('reasoning message')
  const spans = createOwners('reasoning')
  const calls = createOwners('tool call')
  const activities = createOwners('activity')

  /** `messages` come from the wire and were looked at only as far as the transcript needs it. */
  const learn = (messages: unknown, isAuthority: boolean): void => {
    if (!Array.isArray(messages)) return
    for (const message of messages as (Record<string, unknown> | null)[]) {
      const { id, role, subagentRunId, toolCalls } = message ?? {}
      const owner = typeof subagentRunId === 'string' ? subagentRunId : undefined
      const owners = role === 'reasoning' ? thoughts : role === 'activity' ? activities : texts
      owners.learn(id, owner, isAuthority)
      if (!Array.isArray(toolCalls)) continue
      for (const call of toolCalls as ({ id?: unknown } | null)[]) calls.learn(call?.id, owner, isAuthority)
    }
  }

  return {
    contradiction(chunk) {
      switch (chunk.type) {
        case 'RUN_STARTED':
          return void learn((chunk.input as { messages?: unknown } | null | undefined)?.messages, false)
        case 'MESSAGES_SNAPSHOT':
          return void learn(chunk.messages, true)
        case 'TEXT_MESSAGE_START':
          texts.learn(chunk.messageId, chunk.subagentRunId, false)
          return texts.contradiction(chunk.messageId, chunk.subagentRunId)
        case 'TEXT_MESSAGE_CONTENT':
        case 'TEXT_MESSAGE_END':
          return texts.contradiction(chunk.messageId, chunk.subagentRunId)
        case 'REASONING_START':
          spans.learn(chunk.messageId, chunk.subagentRunId, false)
          return spans.contradiction(chunk.messageId, chunk.subagentRunId)
        case 'REASONING_END':
          return spans.contradiction(chunk.messageId, chunk.subagentRunId)
        case 'REASONING_MESSAGE_START':
          thoughts.learn(chunk.messageId, chunk.subagentRunId, false)
          return thoughts.contradiction(chunk.messageId, chunk.subagentRunId)
        case 'REASONING_MESSAGE_CONTENT':
        case 'REASONING_MESSAGE_END':
          return thoughts.contradiction(chunk.messageId, chunk.subagentRunId)
        case 'REASONING_ENCRYPTED_VALUE': {
          const { subtype, entityId, subagentRunId } = chunk
          if (subtype === 'tool-call') return calls.contradiction(entityId, subagentRunId)
          return texts.contradiction(entityId, subagentRunId) ?? thoughts.contradiction(entityId, subagentRunId)
        }
        case 'TOOL_CALL_START': {
          // A call belongs to the message that carries it.
          const parent = chunk.parentMessageId === undefined ? undefined : texts.of(chunk.parentMessageId)
          calls.learn(chunk.toolCallId, parent === undefined ? chunk.subagentRunId : parent.owner, false)
          return calls.contradiction(chunk.toolCallId, chunk.subagentRunId)
        }
        case 'TOOL_CALL_ARGS':
        case 'TOOL_CALL_END':
          return calls.contradiction(chunk.toolCallId, chunk.subagentRunId)
        case 'ACTIVITY_SNAPSHOT':
          // One that replaces makes the activity anew; for one that does not, the spec lets the owner stand.
          return void activities.learn(chunk.messageId, chunk.subagentRunId, chunk.replace !== false)
        case 'ACTIVITY_DELTA':
          return activities.contradiction(chunk.messageId, chunk.subagentRunId)
        default:
          return undefined
      }
    },
    forget() {
      for (const owners of [texts, thoughts, spans, calls, activities]) owners.clear()
    },
  }
}

function createOwners(kind: string) {
  const owners = new Map<string, { owner: Owner }>()
  return {
    clear: () => owners.clear(),
    of: (id: string) => owners.get(id),
    learn(id: unknown, owner: Owner, isAuthority: boolean) {
      if (typeof id === 'string' && (isAuthority || !owners.has(id))) owners.set(id, { owner })
    },
    contradiction(id: string, owner: Owner): string | undefined {
      if (owner === undefined) return undefined
      const known = owners.get(id)
      return known === undefined || known.owner === owner ? undefined : `${kind} ${id}`
    },
  }
}
