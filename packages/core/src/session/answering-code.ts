/** What `answering` loads. */
export { answered, cancelExpiry, resumed, scheduleExpiry, whyNotOwed, writeAnswer } from './answer-actions.ts'
export { accept } from './accept.ts'
export { checkOutput } from './check-output.ts'
export { createClaims } from './claims.ts'
export { finishCalls, noteCalls } from './ledger-calls.ts'
export { startCall } from './run-tool.ts'
export { failTool, limitTool, startTool, startTools, stopTool, stopTools, tellCalls, writeTool } from './tool-actions.ts'
export { toWireTool } from './to-wire-tool.ts'
