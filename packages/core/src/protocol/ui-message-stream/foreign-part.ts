import { isObject } from '../../json.ts'
import type { DataPart } from '../../transcript/message.ts'
import type { AiSdkOtherPart } from './ai-sdk-message.ts'

/** Data parts under names with this prefix hold a part that only the AI SDK knows, whole. */
const PREFIX = 'ai-sdk:'

const NAMES = ['custom', 'steering-message'] as const

export const isForeignType = (type: string): type is AiSdkOtherPart['type'] => NAMES.some((name) => name === type)

/** The name and the data of the data part that keeps a part of theirs. */
export function keepForeign({ type, ...fields }: AiSdkOtherPart, step: string | undefined): { name: string; data: Record<string, unknown> } {
  return { name: `${PREFIX}${type}`, data: step === undefined ? { part: fields } : { part: fields, step } }
}

/** The part of theirs that a data part keeps, if it keeps one. */
export function keptForeign({ name, data }: DataPart): { part: AiSdkOtherPart; step: string | undefined } | undefined {
  const type = name.startsWith(PREFIX) ? name.slice(PREFIX.length) : ''
  if (!isForeignType(type) || !isObject(data) || !isObject(data['part'])) return undefined
  return { part: { ...data['part'], type }, step: data['step'] as string | undefined }
}
