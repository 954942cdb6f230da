import type { ModelErrorCode } from '../model-error.ts'

/** A tool call. It is left to whoever declared the tool; a tool that nobody declared answers with `output`. */
export interface ToolStep {
  tool: string
  input: unknown
  /** The result, or how to compute it, when the request does not declare the tool. */
  output?: unknown
}

/** One thing that the model does: say a text, think, call a tool (or several at once), or fail. */
export type Step = string | { reasoning: string } | ToolStep | readonly ToolStep[] | { error: ModelErrorCode }

/** The answer to a tool call. */
export interface ToolOutcome {
  /** What the tool was called with: a person may have changed it. */
  input: unknown
  /** As it travelled. */
  content: string
  /** Parsed, if it is JSON. */
  output: unknown
  error?: string | undefined
}

/** What the model does in a turn, fixed beforehand. */
export type FixedReply = string | readonly Step[]

/**
 * What the model does in a turn. A generator gets the outcomes of the calls it yields, also when they arrive with a later
 * request: it is run again from its start, and what it did before the last answered call is not said twice.
 */
export type Reply = FixedReply | Generator<Step, unknown, ToolOutcome[]>
