import { messageOf } from '../errors.ts'
import { type OutputUnit, Validator } from '@cfworker/json-schema'
import type { JsonSchema, SchemaIssue, Validated } from './schema.ts'

/** A file of its own, because it is loaded only where somebody uses plain JSON Schema. No `eval`, so it works under a strict CSP. */
export function validateJson(schema: JsonSchema, value: unknown): Validated {
  const json = asJson(value)
  if ('message' in json) return { issues: [json] }
  const { valid, errors } = new Validator(schema as object, '2020-12', false).validate(json.value)
  return valid ? { value } : { issues: errors.filter(isLeaf).map(issueOf) }
}

/** The value as it will travel: without undefined fields, dates as text. */
function asJson(value: unknown): { value: unknown } | SchemaIssue {
  try {
    const text: string | undefined = JSON.stringify(value)
    return text === undefined ? { message: `Expected a JSON value, got ${typeof value}.` } : { value: JSON.parse(text) as unknown }
  } catch (error) {
    return { message: `Expected a JSON value: ${messageOf(error)}` }
  }
}

/** Errors of a container only say that something inside it failed. */
const isLeaf = ({ keyword }: OutputUnit, _: number, all: OutputUnit[]): boolean => all.length === 1 || !CONTAINERS.has(keyword)
const CONTAINERS: ReadonlySet<string> = new Set(['properties', 'items', 'prefixItems', 'allOf', '$ref', 'additionalProperties'])

const issueOf = ({ instanceLocation, error }: OutputUnit): SchemaIssue => ({
  message: error,
  path: instanceLocation
    .split('/')
    .slice(1)
    .map((key) => decodeURIComponent(key).replaceAll('~1', '/').replaceAll('~0', '~')),
})
