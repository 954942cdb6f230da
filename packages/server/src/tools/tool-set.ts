import {
  ChatError,
  type ChatTool,
  type JsonSchema,
  type NeedsApproval,
  requireUniqueNames,
  type Schema,
  type ServerTool,
  toJsonSchema,
  type ToolDefinition,
  type WireTool,
} from '@statechat/core/wire'
import { refuse } from '../shape.ts'

/**
 * A tool in any form: declared with `toolDefinition()`, and as it came with a request. One that runs here has `.server(execute)`;
 * the calls of every other end the run unanswered, for the client.
 */
export type ToolInput = ChatTool | ToolDefinition | WireTool

/** Who answers the calls of a tool. */
type KnownTool = HostedTool | { side: 'client'; inputSchema: Schema | undefined }

/** A tool that runs here. */
export interface HostedTool {
  side: 'server'
  name: string
  inputSchema: Schema | undefined
  outputSchema: Schema | undefined
  needsApproval: NeedsApproval<unknown>
  execute: NonNullable<ServerTool['execute']>
}

export interface ToolSet {
  /** As the model is told of them. */
  readonly wire: readonly WireTool[]
  find(name: string): KnownTool | undefined
}

/**
 * The tools of a run. What is declared here wins over what a request declares under the same name.
 * Throws `misuse` for two declared ones of one name and for a server tool without a function, a `ChatRequestError` for two of the request.
 */
export function toolSet(tools: readonly ToolInput[]): ToolSet {
  const declared = tools.filter(isDeclared)
  requireUniqueNames(declared)
  const known = new Map<string, KnownTool>(declared.map((tool) => [tool.name, knownTool(tool)]))
  const wire: WireTool[] = []
  for (const [index, tool] of tools.entries()) {
    if (isDeclared(tool)) wire.push(declaredWire(tool))
    else if (!known.has(tool.name)) wire.push({ ...tool, description: tool.description ?? '' })
    else if (!declared.some(({ name }) => name === tool.name)) refuse(`tools[${index}].name`, 'another tool has this name')
    if (!known.has(tool.name)) known.set(tool.name, { side: 'client', inputSchema: undefined })
  }
  return { wire, find: (name) => known.get(name) }
}

/** A request's tool has been through `parseChatRequest()`: none of these fields can have come from a client. */
const DECLARED = ['side', 'server', 'execute', 'inputSchema', 'needsApproval'] as const

const isDeclared = (tool: ToolInput): tool is ChatTool | ToolDefinition =>
  DECLARED.some((field) => (tool as unknown as Record<string, unknown>)[field] !== undefined)

function knownTool(tool: ChatTool): KnownTool {
  const { name, inputSchema, outputSchema, needsApproval = false } = tool
  if (tool.side !== 'server') return { side: 'client', inputSchema }
  if (tool.execute) return { side: 'server', name, inputSchema, outputSchema, needsApproval, execute: tool.execute }
  throw new ChatError('misuse', `The tool ${JSON.stringify(name)} runs on the server and has no function: pass one to .server(execute).`)
}

function declaredWire({ name, description = '', inputSchema, metadata }: ChatTool): WireTool {
  const parameters: JsonSchema | undefined = inputSchema && toJsonSchema(inputSchema, `inputSchema of ${name}`)
  return { name, description, ...(parameters && { parameters }), ...(metadata && { metadata }) }
}
