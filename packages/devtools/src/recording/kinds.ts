/** What the timeline can be filtered by: three kinds of events, and six of chunks. */
export const ROW_KINDS = ['user', 'run', 'tool', 'text', 'reasoning', 'tool-chunk', 'run-chunk', 'state', 'other'] as const

export type RowKind = (typeof ROW_KINDS)[number]

export const KIND_LABELS: Readonly<Record<RowKind, string>> = {
  user: 'User',
  run: 'Run',
  tool: 'Tools',
  text: 'Text chunks',
  reasoning: 'Reasoning chunks',
  'tool-chunk': 'Tool chunks',
  'run-chunk': 'Run chunks',
  state: 'State chunks',
  other: 'Other',
}

/** The kind of a machine event. Answers of a person are theirs, whatever they answer. */
export function eventKind(type: string): RowKind {
  if (type.startsWith('user.') || type === 'tool.approval' || type === 'interrupt.answer') return 'user'
  if (type.startsWith('run.') || type.startsWith('restore.') || type.startsWith('xstate.after')) return 'run'
  if (type.startsWith('tool.') || type.endsWith('.expired')) return 'tool'
  return 'other'
}

/** The kind of a chunk. */
export function chunkKind(type: string): RowKind {
  if (type.startsWith('TEXT_')) return 'text'
  if (type.startsWith('REASONING_')) return 'reasoning'
  if (type.startsWith('TOOL_')) return 'tool-chunk'
  if (type.startsWith('RUN_') || type.startsWith('STEP_') || type.startsWith('SUBAGENT_')) return 'run-chunk'
  if (type.startsWith('STATE_') || type.startsWith('MESSAGES_') || type.startsWith('ACTIVITY_')) return 'state'
  return 'other'
}
