/** Events with which a call or a question of the client gets its answer, or its end without one. */
export const ANSWERS = ['tool.result', 'tool.approval', 'approval.expired', 'interrupt.answer', 'interrupt.expired'] as const
