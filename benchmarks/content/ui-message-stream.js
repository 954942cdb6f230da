/** A content as the AI SDK's UI message stream: what the AI SDK reads, and statechat with `uiMessageStream()`. */
export function uiMessageEvents({ reasoning, text, calls }) {
  return [
    { type: 'start', messageId: 'm' },
    { type: 'start-step' },
    ...(reasoning.length > 0 ? proseEvents('reasoning', reasoning) : []),
    ...(text.length > 0 ? proseEvents('text', text) : []),
    ...calls.flatMap(callEvents),
    { type: 'finish-step' },
    { type: 'finish', finishReason: 'stop' },
  ]
}

const proseEvents = (kind, deltas) => [
  { type: `${kind}-start`, id: kind },
  ...deltas.map((delta) => ({ type: `${kind}-delta`, id: kind, delta })),
  { type: `${kind}-end`, id: kind },
]

const callEvents = ({ id: toolCallId, name: toolName, deltas, output }) => [
  { type: 'tool-input-start', toolCallId, toolName },
  ...deltas.map((inputTextDelta) => ({ type: 'tool-input-delta', toolCallId, inputTextDelta })),
  { type: 'tool-input-available', toolCallId, toolName, input: JSON.parse(deltas.join('')) },
  { type: 'tool-output-available', toolCallId, output },
]

/** The least that any client has to do with an event. */
export function uiMessageFloor(event, answer) {
  switch (event.type) {
    case 'text-delta':
      answer.text += event.delta
      break
    case 'reasoning-delta':
      answer.reasoning += event.delta
      break
    case 'tool-input-start':
      answer.calls.set(event.toolCallId, { id: event.toolCallId, arguments: '', output: undefined })
      break
    case 'tool-input-delta':
      answer.calls.get(event.toolCallId).arguments += event.inputTextDelta
      break
    case 'tool-output-available':
      answer.calls.get(event.toolCallId).output = event.output
      break
    default:
  }
}
