/** A content as AG-UI 1.0 events: what statechat, TanStack AI and AG-UI read. */
export function agUiEvents({ reasoning, text, calls }) {
  return [
    { type: 'RUN_STARTED', threadId: 't', runId: 'r' },
    ...(reasoning.length > 0 ? reasoningEvents(reasoning) : []),
    ...(text.length > 0 ? textEvents(text) : []),
    ...calls.flatMap(callEvents),
    { type: 'RUN_FINISHED', threadId: 't', runId: 'r' },
  ]
}

const reasoningEvents = (deltas) => [
  { type: 'REASONING_START', messageId: 'th' },
  { type: 'REASONING_MESSAGE_START', messageId: 'th', role: 'reasoning' },
  ...deltas.map((delta) => ({ type: 'REASONING_MESSAGE_CONTENT', messageId: 'th', delta })),
  { type: 'REASONING_MESSAGE_END', messageId: 'th' },
  { type: 'REASONING_END', messageId: 'th' },
]

const textEvents = (deltas) => [
  { type: 'TEXT_MESSAGE_START', messageId: 'm', role: 'assistant' },
  ...deltas.map((delta) => ({ type: 'TEXT_MESSAGE_CONTENT', messageId: 'm', delta })),
  { type: 'TEXT_MESSAGE_END', messageId: 'm' },
]

const callEvents = ({ id: toolCallId, name, deltas, output }) => [
  { type: 'TOOL_CALL_START', toolCallId, toolCallName: name, parentMessageId: 'm' },
  ...deltas.map((delta) => ({ type: 'TOOL_CALL_ARGS', toolCallId, delta })),
  { type: 'TOOL_CALL_END', toolCallId },
  { type: 'TOOL_CALL_RESULT', messageId: `${toolCallId}-result`, toolCallId, content: output },
]

/** The least that any client has to do with an event. */
export function agUiFloor(event, answer) {
  switch (event.type) {
    case 'TEXT_MESSAGE_CONTENT':
      answer.text += event.delta
      break
    case 'REASONING_MESSAGE_CONTENT':
      answer.reasoning += event.delta
      break
    case 'TOOL_CALL_START':
      answer.calls.set(event.toolCallId, { id: event.toolCallId, arguments: '', output: undefined })
      break
    case 'TOOL_CALL_ARGS':
      answer.calls.get(event.toolCallId).arguments += event.delta
      break
    case 'TOOL_CALL_RESULT':
      answer.calls.get(event.toolCallId).output = event.content
      break
    default:
  }
}
