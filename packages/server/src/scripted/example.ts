import type { JsonSchema } from '@statechat/core/wire'

/** The least value that fits a schema and still shows its form: every property, one item to a list. `name` is what a text says. */
export const example = (schema: JsonSchema, name = 'text'): unknown => exampleOf(schema, { root: schema, name, depth: 0 })

interface Place {
  root: JsonSchema
  name: string
  depth: number
}

function exampleOf(schema: unknown, place: Place): unknown {
  if (!isSchema(schema)) return place.name
  for (const keyword of ['const', 'default'] as const) if (keyword in schema) return schema[keyword]
  for (const keyword of ['enum', 'examples'] as const) if (listOf(schema[keyword]).length > 0) return listOf(schema[keyword])[0]
  const other = referred(schema, place.root) ?? listOf(schema['anyOf'])[0] ?? listOf(schema['oneOf'])[0]
  if (other !== undefined) return place.depth > DEEPEST ? null : exampleOf(other, { ...place, depth: place.depth + 1 })
  const all = listOf(schema['allOf']).filter(isSchema)
  if (all.length > 0) return exampleOf(all.reduce(merged, { ...schema, allOf: [] }), place)
  switch (typeOf(schema)) {
    case 'object':
      return objectOf(schema, place)
    case 'array':
      return arrayOf(schema, place)
    case 'string':
      return textOf(schema, place.name)
    case 'integer':
    case 'number':
      return numberOf(schema)
    case 'boolean':
      return true
    case 'null':
      return null
    default:
      return place.name
  }
}

/** Schemas may hold themselves. */
const DEEPEST = 6

function objectOf(schema: JsonSchema, place: Place): object {
  const required = listOf(schema['required'])
  const properties = Object.entries(isSchema(schema['properties']) ? schema['properties'] : {})
  const shown = place.depth > DEEPEST ? properties.filter(([key]) => required.includes(key)) : properties
  return Object.fromEntries(shown.map(([key, inner]) => [key, exampleOf(inner, { ...place, name: key, depth: place.depth + 1 })]))
}

function arrayOf(schema: JsonSchema, place: Place): unknown[] {
  const first = listOf(schema['prefixItems'])
  const least = Number(schema['minItems'] ?? 0)
  const most = Number(schema['maxItems'] ?? Number.POSITIVE_INFINITY)
  const wanted = Math.min(most, Math.max(least, first.length, first.length > 0 || place.depth > DEEPEST ? 0 : 1))
  return Array.from({ length: wanted }, (_, index) => exampleOf(first[index] ?? schema['items'] ?? {}, { ...place, depth: place.depth + 1 }))
}

const FORMATS: Readonly<Record<string, string | undefined>> = {
  email: 'ann@example.com',
  uri: 'https://example.com/',
  url: 'https://example.com/',
  uuid: '3f333df6-90a4-4fda-8dd3-9485d27cee36',
  date: '2026-01-31',
  time: '12:00:00Z',
  'date-time': '2026-01-31T12:00:00Z',
  duration: 'PT1H',
  hostname: 'example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
}

function textOf({ format, minLength, maxLength }: JsonSchema, name: string): string {
  const known = typeof format === 'string' ? FORMATS[format] : undefined
  return known ?? name.padEnd(Number(minLength ?? 0), '.').slice(0, Number(maxLength ?? name.length + Number(minLength ?? 0)))
}

function numberOf({ minimum, exclusiveMinimum, maximum, exclusiveMaximum, multipleOf }: JsonSchema): number {
  const low = Math.max(Number(minimum ?? Number.NEGATIVE_INFINITY), Number(exclusiveMinimum ?? Number.NEGATIVE_INFINITY) + 1)
  const high = Math.min(Number(maximum ?? Number.POSITIVE_INFINITY), Number(exclusiveMaximum ?? Number.POSITIVE_INFINITY) - 1)
  const value = Math.min(high, Math.max(low, 1))
  const step = Number(multipleOf ?? 0)
  return step > 0 ? Math.ceil(value / step) * step : value
}

function typeOf({ type, properties, items }: JsonSchema): unknown {
  if (Array.isArray(type)) return type.find((each) => each !== 'null') ?? 'null'
  return type ?? (properties ? 'object' : items ? 'array' : undefined)
}

/** What a reference within the document points to. */
function referred({ $ref }: JsonSchema, root: JsonSchema): unknown {
  if (typeof $ref !== 'string' || !$ref.startsWith('#')) return undefined
  const keys = $ref
    .split('/')
    .slice(1)
    .map((key) => decodeURIComponent(key).replaceAll('~1', '/').replaceAll('~0', '~'))
  return keys.reduce<unknown>((value, key) => (isSchema(value) && Object.hasOwn(value, key) ? value[key] : undefined), root)
}

const merged = (a: JsonSchema, b: JsonSchema): JsonSchema => ({
  ...a,
  ...b,
  properties: { ...(a['properties'] as object | undefined), ...(b['properties'] as object | undefined) },
})

const isSchema = (value: unknown): value is JsonSchema => typeof value === 'object' && value !== null && !Array.isArray(value)
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
