import type { InterruptPart, StructuredOutputPart, ToolCallPart } from '@statechat/core'

/** `get_weather`, `getWeather` and `get-weather` → `Get weather`. */
export function nameInWords(name: string): string {
  const words = name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .replaceAll(/[_-]+/g, ' ')
    .trim()
    .toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

export function callInWords({ state, approval }: ToolCallPart): string {
  switch (state) {
    case 'awaiting-input':
      return 'Preparing'
    case 'input-streaming':
      return 'Being written'
    case 'input-complete':
      return 'Waiting for the result'
    case 'approval-requested':
      return 'Needs your approval'
    case 'approval-responded':
      return 'Approved'
    case 'executing':
      return 'Running'
    case 'complete':
      return 'Done'
    case 'error':
      return 'Failed'
    case 'cancelled':
      return approval?.approved === false ? 'Denied' : 'Cancelled'
  }
}

/** What the person is asked before a call may run. */
export const approvalInWords = ({ name, approval }: ToolCallPart): string => approval?.message ?? `May the assistant run “${nameInWords(name)}”?`

export const questionInWords = ({ message, reason }: InterruptPart): string => message ?? nameInWords(reason)

export function interruptInWords({ state }: InterruptPart): string {
  switch (state) {
    case 'open':
      return 'Needs your answer'
    case 'resolved':
      return 'Answered'
    case 'cancelled':
      return 'Dismissed'
  }
}

export function outputInWords({ status }: StructuredOutputPart): string {
  switch (status) {
    case 'streaming':
      return 'Being written'
    case 'complete':
      return 'Done'
    case 'error':
      return 'Failed'
  }
}

/** A thrown value as a person reads it. */
export const errorInWords = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))
