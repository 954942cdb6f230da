import type { JsonSchema } from '@statechat/core/wire'

type Json = Record<string, unknown>

/**
 * The schema in the form that OpenAI holds a model to, every object closed; `undefined` if it has none: a property is optional,
 * other keys are allowed, or a keyword is not known there (the whole request would be refused).
 *
 * @see https://platform.openai.com/docs/guides/structured-outputs
 */
export const strictSchema = (schema: JsonSchema): Json | undefined => (schema['type'] === 'object' ? closed(schema) : undefined)

/** Says what a value is like, and holds no other schema. */
const PLAIN: ReadonlySet<string> = new Set([
  ...['type', 'enum', 'const', '$ref', 'title', 'description', 'required', 'additionalProperties'],
  ...['pattern', 'format', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf', 'minItems', 'maxItems'],
])
const FORMATS: ReadonlySet<unknown> = new Set(['date-time', 'time', 'date', 'duration', 'email', 'hostname', 'ipv4', 'ipv6', 'uuid'])

function closed(schema: unknown): Json | undefined {
  if (!isObject(schema) || !saysWhat(schema) || !isClosable(schema)) return undefined
  const strict: Json = {}
  for (const [keyword, value] of Object.entries(schema)) {
    if (keyword === '$schema' || (keyword === 'pattern' && looksAround(value) && FORMATS.has(schema['format']))) continue
    const kept = keptAs(keyword, value)
    if (kept === undefined) return undefined
    strict[keyword] = kept
  }
  return schema['type'] === 'object' ? { ...strict, additionalProperties: false } : strict
}

/** The value of a keyword, what it holds closed too. */
function keptAs(keyword: string, value: unknown): unknown {
  if (keyword === 'items') return closed(value)
  if (keyword === 'anyOf') return Array.isArray(value) ? all(value) : undefined
  if (keyword === 'properties' || keyword === '$defs' || keyword === 'definitions') {
    const inner = isObject(value) ? all(Object.values(value)) : undefined
    return inner && Object.fromEntries(Object.keys(value as Json).map((key, index) => [key, inner[index]]))
  }
  if (keyword === 'format' ? !FORMATS.has(value) : keyword === 'pattern' && looksAround(value)) return undefined
  return PLAIN.has(keyword) ? value : undefined
}

function all(schemas: readonly unknown[]): Json[] | undefined {
  const inner = schemas.map(closed)
  return inner.every((schema) => schema !== undefined) ? inner : undefined
}

/** A schema that allows anything is not one. */
const saysWhat = (schema: Json): boolean => ['type', '$ref', 'anyOf', 'enum', 'const'].some((keyword) => keyword in schema)

function isClosable({ type, properties, required, additionalProperties = false }: Json): boolean {
  if (type !== 'object') return !(Array.isArray(type) && type.includes('object'))
  if (!isObject(properties) || additionalProperties !== false) return false
  return Object.keys(properties).every((key) => Array.isArray(required) && required.includes(key))
}

/** `(?=`, `(?!` and the like: the patterns of zod's formats have them, OpenAI refuses them. */
const looksAround = (pattern: unknown): boolean => typeof pattern !== 'string' || pattern.includes('(?')

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)
