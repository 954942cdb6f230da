import { ChatError } from '../errors.ts'
import { converterOf, type InferInput, type InferOutput, isStandard, type Schema } from './schema.ts'
import type { ClientTool, NeedsApproval, ServerTool, ToolContext, ToolDescription } from './tool.ts'

export interface ToolOptions<Name extends string, In extends Schema, Out extends Schema> {
  name: Name
  description?: string | undefined
  inputSchema?: In | undefined
  outputSchema?: Out | undefined
  needsApproval?: NeedsApproval<InferOutput<In>> | undefined
  metadata?: Record<string, unknown> | undefined
}

/** A tool, declared once: {@link server} and {@link client} say where it runs. By itself it is a client tool without `execute`. */
export interface ToolDefinition<Name extends string = string, In extends Schema = Schema, Out extends Schema = Schema> extends ToolDescription<
  Name,
  InferInput<In>,
  InferOutput<Out>
> {
  readonly side?: undefined
  /** The tool as the server runs it; without `execute`, as a client knows it: for the types of its calls. */
  server(): ServerTool<Name, InferInput<In>, InferOutput<Out>>
  server<Result extends OutputOf<Out>>(
    execute: (input: InferOutput<In>, context: ToolContext) => Result | Promise<Result>,
  ): ServerTool<Name, InferInput<In>, ResultOf<Out, Result>>
  /** The tool as the browser runs it; without `execute` its calls wait for `addToolResult`. */
  client(): ClientTool<Name, InferInput<In>, InferOutput<Out>>
  client<Result extends OutputOf<Out>>(
    execute: (input: InferOutput<In>, context: ToolContext) => Result | Promise<Result>,
    options?: ClientToolOptions,
  ): ClientTool<Name, InferInput<In>, ResultOf<Out, Result>>
}

export interface ClientToolOptions {
  /** Milliseconds; a tool that takes longer is aborted, and the model told so. Default: no limit. */
  timeoutMs?: number | undefined
}

/** What `execute` may give: what the output schema takes. */
type OutputOf<Out extends Schema> = InferInput<Out>
/** Where no schema says it, the function does. */
type ResultOf<Out extends Schema, Result> = unknown extends InferOutput<Out> ? Result : InferOutput<Out>

/**
 * Declares a tool: its name, what it is for, and the schemas of its input and output (Standard Schema or JSON Schema).
 * Throws `ChatError` `misuse` for a name that providers refuse, and for a schema that cannot be written as JSON Schema.
 *
 * @example
 * const theme = toolDefinition({
 *   name: 'set_theme',
 *   description: 'Sets the colours of the page',
 *   inputSchema: z.object({ theme: z.enum(['light', 'dark']) }),
 * })
 * useChat({ connection, tools: [theme.client(({ theme }) => document.body.setAttribute('data-theme', theme))] })
 */
export function toolDefinition<
  const Name extends string,
  In extends Schema = Schema<unknown, unknown>,
  Out extends Schema = Schema<unknown, unknown>,
>(options: ToolOptions<Name, In, Out>): ToolDefinition<Name, In, Out> {
  requireName(options.name)
  const description: ToolDescription<Name> = { ...options } as ToolDescription<Name>
  // Converting is for when it is needed; that it can be done is known now.
  if (options.inputSchema && isStandard(options.inputSchema)) converterOf(options.inputSchema, `inputSchema of ${options.name}`)
  return {
    ...description,
    server: (execute?: ServerTool['execute']) => ({ ...description, side: 'server', ...(execute && { execute }) }),
    client: (execute?: ServerTool['execute'], { timeoutMs }: ClientToolOptions = {}) => ({
      ...description,
      side: 'client',
      ...(execute && { execute }),
      ...(timeoutMs !== undefined && { timeoutMs }),
    }),
  } as ToolDefinition<Name, In, Out>
}

/** What OpenAI, Anthropic and Google all take. */
const NAME = /^[a-zA-Z_][a-zA-Z0-9_-]{0,63}$/

function requireName(name: string): void {
  if (typeof name === 'string' && NAME.test(name)) return
  throw new ChatError(
    'misuse',
    `A tool cannot be named ${JSON.stringify(name)}: providers take letters, digits, _ and -, at most 64 of them, not beginning with a digit.`,
  )
}

/** Throws `misuse` if two tools have one name: a call says no more of a tool than that. */
export function requireUniqueNames(tools: readonly { name: string }[]): void {
  const seen = new Set<string>()
  for (const { name } of tools) {
    if (seen.has(name)) throw new ChatError('misuse', `Two tools are named ${JSON.stringify(name)}; names are unique.`)
    seen.add(name)
  }
}
