import type { Schema } from './schema.ts'

/** What a tool gets besides its input. */
export interface ToolContext {
  /** Aborted when nobody wants the answer any more: the turn was stopped, the tool took too long, the page is gone. */
  signal: AbortSignal
  toolCallId: string
  /** Reports progress: any JSON value, shown as `part.progress` until the next one. */
  emit(progress: unknown): void
}

/** Whether a person has to agree first: always, or for some inputs. */
export type NeedsApproval<Input> = boolean | ((input: Input) => boolean | Promise<boolean>)

/** What a tool is, wherever it runs. */
export interface ToolDescription<Name extends string = string, Input = any, Output = any> {
  readonly name: Name
  /** Tells the model what the tool is for. */
  readonly description?: string | undefined
  /** Of the arguments. Default: an object without properties. */
  readonly inputSchema?: Schema | undefined
  /** Of the result. Default: anything. */
  readonly outputSchema?: Schema | undefined
  /** Default false. */
  readonly needsApproval?: NeedsApproval<Input> | undefined
  readonly metadata?: Record<string, unknown> | undefined
  /** For types only; never there. */
  readonly '~types'?: { input: Input; output: Output } | undefined
}

/** A tool that runs on the server. Without `execute` it is only known, for the types of its calls: what a client needs of it. */
export interface ServerTool<Name extends string = string, Input = any, Output = any> extends ToolDescription<Name, Input, Output> {
  readonly side: 'server'
  readonly execute?: ((input: any, context: ToolContext) => unknown) | undefined
}

/** A tool that runs in the browser. Without `execute` its calls wait for `addToolResult`. */
export interface ClientTool<Name extends string = string, Input = any, Output = any> extends ToolDescription<Name, Input, Output> {
  readonly side?: 'client' | undefined
  readonly execute?: ((input: any, context: ToolContext) => unknown) | undefined
  /** Milliseconds; a tool that takes longer is aborted, and the model told so. Default: no limit. */
  readonly timeoutMs?: number | undefined
}

/** Any tool, as `useChat({ tools })` and `chat({ tools })` take it. */
export type ChatTool = ServerTool | ClientTool

/** Name of a tool → the types of its calls. */
export type ToolMap = { readonly [name: string]: { input: unknown; output: unknown } }

/** The {@link ToolMap} of an array of tools. */
export type ToolMapOf<Tools extends readonly ChatTool[]> = {
  readonly [Tool in Tools[number] as Tool['name']]: TypesOf<Tool>
}

type TypesOf<Tool> =
  NonNullable<Tool extends { '~types'?: infer T } ? T : undefined> extends { input: infer Input; output: infer Output }
    ? { input: Known<Input>; output: Known<Output> }
    : { input: unknown; output: unknown }

/** `any` is what nobody said; for a reader that is `unknown`. */
type Known<T> = 0 extends 1 & T ? unknown : T
