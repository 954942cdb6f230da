import { validate } from '@statechat/core/wire'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { toolDefinition } from '../index.ts'
import { toolSet } from '../tools/tool-set.ts'
import { example } from './example.ts'

interface Tree {
  name: string
  children: Tree[]
}
const tree: z.ZodType<Tree> = z.lazy(() => z.object({ name: z.string(), children: z.array(tree) }))

it.each<[string, z.ZodType]>([
  ['texts', z.object({ a: z.string(), b: z.string().min(12), c: z.string().max(1), d: z.email(), e: z.url(), f: z.uuid() })],
  ['dates', z.object({ a: z.iso.date(), b: z.iso.datetime() })],
  ['numbers', z.object({ a: z.number(), b: z.int().min(5), c: z.number().max(-3), d: z.number().gt(2).lt(9), e: z.int().multipleOf(7) })],
  [
    'the rest',
    z.object({ a: z.boolean(), b: z.null(), c: z.literal('x'), d: z.enum(['y', 'z']), e: z.string().nullable(), f: z.number().optional() }),
  ],
  ['lists', z.object({ a: z.array(z.string()), b: z.array(z.number()).min(3), c: z.tuple([z.string(), z.number()]), d: z.array(z.string()).max(0) })],
  ['choices', z.union([z.object({ a: z.string() }), z.number()])],
  ['tagged choices', z.discriminatedUnion('type', [z.object({ type: z.literal('a'), n: z.number() }), z.object({ type: z.literal('b') })])],
  ['both at once', z.intersection(z.object({ a: z.string() }), z.object({ b: z.number() }))],
  ['itself', tree],
  ['a default', z.object({ a: z.string().default('yes') })],
  ['a plain text', z.string()],
])('an example of %s fits', async (_what, schema) => {
  const { parameters } = toolSet([toolDefinition({ name: 'f', inputSchema: schema })]).wire[0]!
  const value = example(parameters as Record<string, unknown>)
  expect(await validate(schema, value)).not.toHaveProperty('issues')
})

it.each<[object, unknown]>([
  [{}, 'text'],
  [{ type: 'string', examples: ['x'] }, 'x'],
  [{ type: ['null', 'integer'] }, 1],
  [{ properties: { a: {} } }, { a: 'a' }],
  [{ $ref: '#/$defs/a~1b', $defs: { 'a/b': { const: 3 } } }, 3],
  [{ $ref: '#/$defs/constructor', type: 'null' }, null],
])('an example of %j is %j', (schema, value) => {
  expect(example(schema as Record<string, unknown>)).toEqual(value)
})

it('a property may be named __proto__', () => {
  const value = example(JSON.parse('{"type":"object","properties":{"__proto__":{"type":"number"}}}') as Record<string, unknown>) as object
  expect(Object.entries(value)).toEqual([['__proto__', 1]])
})

it('a schema that holds only itself comes to an end', () => {
  const schema = { type: 'object', properties: { self: { $ref: '#' } } }
  expect(JSON.stringify(example(schema)).length).toBeLessThan(200)
})
