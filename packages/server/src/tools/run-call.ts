import { issuesText, validate, type Schema, type ToolContext, type WireToolCall } from '@statechat/core/wire'
import { type ErrorHandler, reportToolFailure } from '../model-error.ts'
import { isToolError } from './tool-error.ts'
import type { HostedTool, ToolSet } from './tool-set.ts'

/** What became of a call. `input` is what the model wrote, parsed. */
export type CallOutcome =
  | { type: 'answered'; content: string; error?: undefined }
  | { type: 'failed'; error: string; denied?: true | undefined }
  | { type: 'needs-approval'; input: unknown }
  | { type: 'left-to-client'; input: unknown }

export interface CallOptions {
  tools: ToolSet
  onError?: ErrorHandler | undefined
  /** A person has agreed. */
  isApproved?: boolean | undefined
}

/** Runs one call, if it is to be run here and now. Never throws: what goes wrong is for the model to read. */
export async function runCall(call: WireToolCall, context: ToolContext, { tools, onError, isApproved = false }: CallOptions): Promise<CallOutcome> {
  const { name, arguments: json } = call.function
  const tool = tools.find(name)
  if (!tool) return failed(`There is no tool named ${JSON.stringify(name)}.`)
  try {
    const parsed = parseArguments(json)
    if (!parsed) return failed('Invalid input: the arguments are not valid JSON.')
    const checked = await checkInput(tool.inputSchema, parsed.value)
    if ('error' in checked) return failed(checked.error)
    if (tool.side === 'client') return { type: 'left-to-client', input: parsed.value }
    if (!isApproved && (await needsApproval(tool, checked.value))) return { type: 'needs-approval', input: parsed.value }
    return { type: 'answered', content: await execute(tool, checked.value, context) }
  } catch (error) {
    // A tool that gives up because it was told to has not failed.
    if (context.signal.aborted) return failed('The call was aborted.')
    return failed(isToolError(error) ? error.message : reportToolFailure(error, onError))
  }
}

const failed = (error: string): CallOutcome => ({ type: 'failed', error })

/** Models leave the arguments of a tool without parameters empty. */
function parseArguments(json: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(json.trim() === '' ? '{}' : json) as unknown }
  } catch {
    return undefined
  }
}

async function checkInput(schema: Schema | undefined, value: unknown): Promise<{ value: unknown } | { error: string }> {
  if (!schema) return { value }
  const checked = await validate(schema, value)
  return checked.issues ? { error: `Invalid input: ${issuesText(checked.issues)}` } : checked
}

const needsApproval = async (tool: HostedTool, input: unknown): Promise<boolean> =>
  typeof tool.needsApproval === 'function' ? await tool.needsApproval(input) : tool.needsApproval

async function execute(tool: HostedTool, input: unknown, context: ToolContext): Promise<string> {
  const output = await tool.execute(input, context)
  if (!tool.outputSchema) return contentOf(output)
  const checked = await validate(tool.outputSchema, output)
  // The application's mistake, not the model's: it goes to `onError`, like everything that a tool throws.
  if (checked.issues) throw new TypeError(`${tool.name}: the result does not fit its outputSchema: ${issuesText(checked.issues)}`)
  return contentOf(checked.value)
}

/** Text as it is, everything else as JSON; nothing is `null`. */
const contentOf = (output: unknown): string => (typeof output === 'string' ? output : (JSON.stringify(output) ?? 'null'))
