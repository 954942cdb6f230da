import type { ProviderData } from './model.ts'

interface Base {
  providerOptions?: ProviderData | undefined
}

export type AssistantPart = Base &
  (
    | { type: 'text'; text: string }
    | { type: 'reasoning'; text: string }
    | { type: 'custom'; kind: string }
    | { type: 'tool-call'; toolCallId: string; toolName: string; input: unknown; providerExecuted?: boolean }
    | ToolResultPart
    | PromptFile
  )

export type ToolResultPart = Base & { type: 'tool-result'; toolCallId: string; toolName: string; output: ToolOutput }
export type ApprovalResponsePart = Base & { type: 'tool-approval-response'; approvalId: string; approved: boolean; reason?: string }

export type ToolOutput =
  | { type: 'text' | 'error-text'; value: string }
  | { type: 'json' | 'error-json'; value: unknown }
  | { type: 'content'; value: object[] }

/** `data` is tagged in v4, and bare before. */
export type PromptFile = Base & { type: 'file'; mediaType: string; filename?: string; data: unknown }

export type UserPart = Base & ({ type: 'text'; text: string } | PromptFile)

/** A message as a model reads it. */
export type PromptMessage = Base &
  (
    | { role: 'system'; content: string }
    | { role: 'user'; content: UserPart[] }
    | { role: 'assistant'; content: AssistantPart[] }
    | { role: 'tool'; content: (ToolResultPart | ApprovalResponsePart)[] }
  )
