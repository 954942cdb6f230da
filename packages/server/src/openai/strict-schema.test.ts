import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { toolDefinition } from '../index.ts'
import { toolSet } from '../tools/tool-set.ts'
import { strictSchema } from './strict-schema.ts'

const text = { type: 'string' }
const object = (properties: Record<string, object>, more: object = {}) => ({ type: 'object', properties, required: Object.keys(properties), ...more })

describe('a schema can be strict', () => {
  it('when every property is required: then every object in it is closed, and the schema itself stays as it was', () => {
    const schema = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      ...object({
        to: { ...text, description: 'Address' },
        lines: { type: 'array', minItems: 1, items: object({ text }) },
        either: { anyOf: [object({ a: text }), { type: 'null' }] },
        self: { $ref: '#/$defs/node' },
        kind: { enum: ['a', 'b'] },
        ['__proto__']: text,
      }),
      $defs: { node: object({ name: { type: ['string', 'null'] } }) },
    }
    const before = structuredClone(schema)
    expect(strictSchema(schema)).toEqual({
      type: 'object',
      properties: {
        to: { type: 'string', description: 'Address' },
        lines: { type: 'array', minItems: 1, items: object({ text }, { additionalProperties: false }) },
        either: { anyOf: [object({ a: text }, { additionalProperties: false }), { type: 'null' }] },
        self: { $ref: '#/$defs/node' },
        kind: { enum: ['a', 'b'] },
        ['__proto__']: text,
      },
      required: ['to', 'lines', 'either', 'self', 'kind', '__proto__'],
      $defs: { node: object({ name: { type: ['string', 'null'] } }, { additionalProperties: false }) },
      additionalProperties: false,
    })
    expect(schema).toEqual(before)
  })

  it('when it is one of zod, whose patterns for formats OpenAI would refuse', () => {
    const tool = toolDefinition({
      name: 'mail',
      inputSchema: z.object({ to: z.email(), at: z.iso.datetime(), copies: z.int(), note: z.string().nullable() }),
    })
    const strict = strictSchema(toolSet([tool]).wire[0]!.parameters as object as Record<string, unknown>)
    expect(strict).toMatchObject({
      properties: { to: { type: 'string', format: 'email' }, at: { format: 'date-time' } },
      additionalProperties: false,
    })
    expect(JSON.stringify(strict)).not.toContain('(?')
    expect(strict).not.toHaveProperty('$schema')
  })
})

it.each<[string, object]>([
  ['has an optional property', { type: 'object', properties: { a: text } }],
  ['has an optional property further down', object({ a: object({ b: text }, { required: [] }) })],
  ['allows other keys', object({ a: text }, { additionalProperties: true })],
  ['is a record', { type: 'object', additionalProperties: text }],
  ['names no properties', { type: 'object' }],
  ['is no object', { type: 'array', items: text }],
  ['is a choice', { anyOf: [object({ a: text })] }],
  ['lets something be anything', object({ a: {} })],
  ['lets something be anything in a list', object({ a: { type: 'array', items: true } })],
  ['uses a keyword that strict mode does not know', object({ a: { ...text, minLength: 1 } })],
  ['uses a default', object({ a: { ...text, default: 'x' } })],
  ['uses allOf', object({ a: { type: 'string', allOf: [{ pattern: 'x' }] } })],
  ['uses a format that OpenAI does not know', object({ a: { ...text, format: 'uri' } })],
  ['looks around in a pattern', object({ a: { ...text, pattern: '^(?!x)' } })],
  ['may be an object or null', object({ a: { type: ['object', 'null'], properties: { b: text } } })],
])('a schema is not strict when it %s', (_how, schema) => {
  expect(strictSchema(schema as Record<string, unknown>)).toBeUndefined()
})
