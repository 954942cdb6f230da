import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec'
import { ChatError, messageOf } from '../errors.ts'

/** A plain JSON Schema document (draft 2020-12 or 7). It says nothing to TypeScript: values are `unknown`. */
export type JsonSchema = { readonly [keyword: string]: unknown }

/** A schema of zod, valibot, arktype or any other library of https://standardschema.dev, or plain JSON Schema. */
export type Schema<Input = any, Output = any> = StandardSchemaV1<Input, Output> | JsonSchema

/** The type of what goes in, e.g. what the model writes. */
export type InferInput<S> = S extends StandardSchemaV1<infer Input, unknown> ? Input : unknown
/** The type of what validation gives. */
export type InferOutput<S> = S extends StandardSchemaV1<unknown, infer Output> ? Output : unknown

/** Something that a schema did not like, and where. */
export interface SchemaIssue {
  message: string
  /** Keys from the value's root. */
  path?: readonly PropertyKey[] | undefined
}

export type Validated<T = unknown> = { value: T; issues?: undefined } | { issues: readonly SchemaIssue[] }

/** A value, checked and as the schema makes it (defaults, transformations). Never throws for a bad value. */
export async function validate<T = unknown>(schema: Schema<unknown, T>, value: unknown): Promise<Validated<T>> {
  if (!isStandard(schema)) {
    const { validateJson } = await import('./validate-json.ts')
    return validateJson(schema, value) as Validated<T>
  }
  const result = await schema['~standard'].validate(value)
  if (!result.issues) return { value: result.value }
  // A path may be an array of a library's own kind, of which `map()` would make another.
  return { issues: result.issues.map(({ message, path }) => ({ message, ...(path && { path: Array.from(path, keyOf) }) })) }
}

/** The issues in one line: `to: Invalid email; body: Too short`. */
export const issuesText = (issues: readonly SchemaIssue[]): string =>
  issues.map(({ message, path = [] }) => (path.length > 0 ? `${path.map(String).join('.')}: ${message}` : message)).join('; ')

const converted = new WeakMap<object, JsonSchema>()

/**
 * The schema as JSON Schema, by the library's own converter (Standard JSON Schema).
 * Throws `ChatError` `misuse`, naming `what`, for a library that has none.
 */
export function toJsonSchema(schema: Schema, what: string): JsonSchema {
  if (!isStandard(schema)) return schema as JsonSchema
  const known = converted.get(schema)
  if (known) return known
  const json = convert(converterOf(schema, what), what) as JsonSchema
  converted.set(schema, json)
  return json
}

/** What {@link toJsonSchema} will use. Throws what it would throw for lack of one. */
export function converterOf(schema: StandardSchemaV1, what: string): StandardJSONSchemaV1.Converter {
  const { vendor, jsonSchema } = schema['~standard'] as StandardSchemaV1.Props & Partial<StandardJSONSchemaV1.Props>
  if (jsonSchema) return jsonSchema
  const how = HOW.get(vendor) ?? 'use a version of it that implements https://standardschema.dev/json-schema'
  throw new ChatError('misuse', `The ${what} is a schema of ${vendor} that cannot describe itself as JSON Schema: ${how}, or pass plain JSON Schema.`)
}

const HOW: ReadonlyMap<string, string> = new Map([
  ['zod', 'use zod 4.2 or later'],
  ['arktype', 'use arktype 2.1.28 or later'],
  ['valibot', 'wrap it in toStandardJsonSchema() of @valibot/to-json-schema'],
])

function convert({ input }: StandardJSONSchemaV1.Converter, what: string): Record<string, unknown> {
  try {
    return input({ target: 'draft-2020-12' })
  } catch (cause) {
    const why = messageOf(cause)
    throw new ChatError('misuse', `The ${what} cannot be written as JSON Schema: ${why}`, { cause })
  }
}

export const isStandard = (schema: Schema): schema is StandardSchemaV1 => '~standard' in schema

const keyOf = (segment: PropertyKey | StandardSchemaV1.PathSegment): PropertyKey => (typeof segment === 'object' ? segment.key : segment)
