export { scripted, type ScriptedOptions } from './scripted.ts'
export type { FixedReply, Reply, Step, ToolOutcome, ToolStep } from './step.ts'
