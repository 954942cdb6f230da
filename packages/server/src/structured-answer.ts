import {
  type Chunk,
  type Custom,
  type FinishReason,
  issuesText,
  type JsonSchema,
  type Schema,
  type SchemaIssue,
  toJsonSchema,
  validate,
} from '@statechat/core/wire'
import type { ResponseFormat } from './adapter.ts'
import { RunFailure } from './run-failure.ts'

/** The form that an answer has to have. */
export interface AnswerForm {
  schema: Schema
  format: ResponseFormat
}

/** Throws `misuse` for a schema that cannot be written as JSON Schema. */
export const answerForm = (schema: Schema): AnswerForm => ({
  schema,
  format: { name: 'answer', schema: toJsonSchema(schema, 'outputSchema of chat()') },
})

export interface StructuredAnswer {
  /** The chunk, after the one that says that what follows is the answer. */
  accept(chunk: Chunk): Chunk[]
  /** What the step amounted to. Throws a `RunFailure` if it does not fit. */
  complete(reason: FinishReason): Promise<Custom>
}

/**
 * Follows one step of a run whose answer is to be JSON, under the names that TanStack AI has for it.
 * A model with tools may also say a word before it calls one: there only text that begins as the JSON does is taken for the answer.
 */
export function structuredAnswer({ schema, format }: AnswerForm, hasTools: boolean): StructuredAnswer {
  const first = hasTools ? opening(format.schema) : undefined
  /** STARTs, and white space, of texts that have not shown yet what they are. */
  const held = new Map<string, Chunk[]>()
  const texts = new Map<string, { raw: string; isAnswer: boolean }>()

  const begin = (messageId: string): Chunk[] => {
    texts.get(messageId)!.isAnswer = true
    return [{ type: 'CUSTOM', name: 'structured-output.start', value: { messageId } }]
  }
  const release = (messageId: string): Chunk[] => {
    const chunks = held.get(messageId) ?? []
    held.delete(messageId)
    return chunks
  }

  return {
    accept(chunk) {
      switch (chunk.type) {
        case 'TEXT_MESSAGE_START': {
          const { messageId, metadata } = chunk
          const isKnown = texts.has(messageId)
          if (!isKnown) texts.set(messageId, { raw: '', isAnswer: false })
          if (isKnown || metadata?.['refusal'] === true) return [chunk]
          if (first === undefined) return [...begin(messageId), chunk]
          held.set(messageId, [chunk])
          return []
        }
        case 'TEXT_MESSAGE_CONTENT': {
          const { messageId, delta } = chunk
          const text = texts.get(messageId)
          if (text) text.raw += delta
          const waiting = held.get(messageId)
          if (!text || !waiting) return [chunk]
          waiting.push(chunk)
          const seen = text.raw.trimStart()
          if (seen === '') return []
          return [...(seen.startsWith(first!) ? begin(messageId) : []), ...release(messageId)]
        }
        case 'TEXT_MESSAGE_END':
          return [...release(chunk.messageId), chunk]
        default:
          return [chunk]
      }
    },
    async complete(reason) {
      const [messageId, text] = [...texts].at(-1) ?? []
      const raw = text?.raw ?? ''
      const value = parsed(raw)
      if (messageId === undefined || !text?.isAnswer || value === undefined) throw invalid([{ message: NO_JSON[reason] ?? 'It is not JSON.' }])
      const checked = await validate(schema, value.json)
      if (checked.issues) throw invalid(checked.issues)
      return { type: 'CUSTOM', name: 'structured-output.complete', value: { messageId, object: checked.value, raw } }
    },
  }
}

/** What a document of this schema begins with, if that tells it from prose. */
function opening({ type }: JsonSchema): string | undefined {
  if (type === 'object') return '{'
  return type === 'array' ? '[' : undefined
}

function parsed(raw: string): { json: unknown } | undefined {
  try {
    return { json: JSON.parse(raw) as unknown }
  } catch {
    return undefined
  }
}

const NO_JSON: Partial<Record<FinishReason, string>> = {
  length: 'It was cut off at the limit of tokens.',
  content_filter: 'The model would not give it.',
}

function invalid(issues: readonly SchemaIssue[]): RunFailure {
  const plain = issues.map(({ message, path = [] }) => ({ message, path: path.map((key) => (typeof key === 'number' ? key : String(key))) }))
  const message = `The answer does not have the form that was asked for: ${issuesText(issues)}`
  return new RunFailure('invalid_output', message, { retryable: true, metadata: { issues: plain } })
}
