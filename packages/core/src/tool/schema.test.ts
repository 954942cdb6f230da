import { toStandardJsonSchema } from '@valibot/to-json-schema'
import { type } from 'arktype'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { ChatError } from '../errors.ts'
import { issuesText, type Schema, toJsonSchema, validate } from './schema.ts'

/** The same form four times: a text and a list of numbers that may be left out. */
const LIBRARIES: [name: string, schema: Schema<unknown, unknown>][] = [
  ['zod', z.object({ to: z.string(), marks: z.array(z.number()).optional() })],
  ['valibot', toStandardJsonSchema(v.object({ to: v.string(), marks: v.optional(v.array(v.number())) }))],
  ['arktype', type({ to: 'string', 'marks?': 'number[]' })],
  ['JSON Schema', { type: 'object', properties: { to: { type: 'string' }, marks: { type: 'array', items: { type: 'number' } } }, required: ['to'] }],
]

async function issuesOf(schema: Schema<unknown, unknown>, value: unknown) {
  const { issues } = await validate(schema, value)
  if (!issues) return expect.unreachable('the value was accepted')
  return issues
}

describe.each(LIBRARIES)('a schema of %s', (_name, schema) => {
  it('lets pass what fits', async () => {
    for (const value of [{ to: 'ann' }, { to: '', marks: [] }, { to: 'ann', marks: [1, 2.5] }])
      expect(await validate(schema, value)).toEqual({ value })
  })

  it('says where something does not fit, down to the index', async () => {
    const [issue, ...more] = await issuesOf(schema, { to: 'ann', marks: [1, 'two'] })
    expect(more).toEqual([])
    expect(issue?.path?.map(String)).toEqual(['marks', '1'])
    expect(issuesText([issue!])).toMatch(/^marks\.1: .*number/i)
  })

  it('names what is missing', async () => {
    expect(issuesText(await issuesOf(schema, {}))).toContain('to')
  })

  it.each([null, 'text', 7, [], undefined].map((value) => [value]))('refuses %j without throwing', async (value) => {
    expect(issuesText(await issuesOf(schema, value))).not.toBe('')
  })

  it('describes itself as JSON Schema, the same object each time', () => {
    const json = toJsonSchema(schema, 'inputSchema of f')
    expect(json).toMatchObject({
      type: 'object',
      properties: { to: { type: 'string' }, marks: { type: 'array', items: { type: 'number' } } },
      required: ['to'],
    })
    expect(toJsonSchema(schema, 'inputSchema of f')).toBe(json)
    expect(structuredClone(json)).toEqual(json)
  })

  it('takes __proto__ for a key like any other', async () => {
    const value: unknown = JSON.parse('{"to":"ann","__proto__":{"marks":["two"]}}')
    const checked = await validate(schema, value)
    expect(checked.issues).toBeUndefined()
    expect(Object.hasOwn(Object.prototype, 'marks')).toBe(false)
    expect((checked as { value: { marks?: unknown } }).value.marks).toBeUndefined()
  })
})

describe('a checked value', () => {
  it('is what the schema makes of it', async () => {
    const schema = z.object({ days: z.number().default(3), city: z.string().trim() })
    expect(await validate(schema, { city: ' Oslo ', more: 1 })).toEqual({ value: { days: 3, city: 'Oslo' } })
    expect(await validate(type({ days: 'number = 3' }), {})).toEqual({ value: { days: 3 } })
    expect(await validate(toStandardJsonSchema(v.object({ days: v.optional(v.number(), 3) })), {})).toEqual({ value: { days: 3 } })
  })

  it('may take time', async () => {
    const schema = z.string().refine(async (city) => city === 'Oslo', 'No such city')
    expect(await validate(schema, 'Oslo')).toEqual({ value: 'Oslo' })
    expect(await validate(schema, 'Atlantis')).toEqual({ issues: [{ message: 'No such city', path: [] }] })
  })
})

describe('issues in one line', () => {
  it('have their place before them, and nothing where the whole value is meant', () => {
    expect(
      issuesText([
        { message: 'Invalid', path: ['to', 0, 'name'] },
        { message: 'Too short' },
        { message: 'Odd', path: [] },
        { message: 'Hm', path: [Symbol('x')] },
      ]),
    ).toBe('to.0.name: Invalid; Too short; Odd; Symbol(x): Hm')
  })
})

describe('plain JSON Schema', () => {
  const words = async (schema: object, value: unknown) => issuesText(await issuesOf(schema as Schema<unknown, unknown>, value))

  it('says only what failed, not what that failed in', async () => {
    const inner = { type: 'object', properties: { a: { type: 'object', properties: { b: { type: 'array', items: { enum: ['x'] } } } } } }
    const issues = await issuesOf(inner, { a: { b: ['y'] } })
    expect(issues.map(({ path }) => path)).toEqual([['a', 'b', '0']])
  })

  it('tells each of several', async () => {
    const schema = { type: 'object', properties: { a: { type: 'string' }, b: { minimum: 3 } }, required: ['c'] }
    const issues = await issuesOf(schema, { a: 1, b: 2 })
    expect(issues.map(({ path }) => path)).toEqual(expect.arrayContaining([['a'], ['b']]))
    expect(issuesText(issues)).toContain('"c"')
  })

  it('names keys as they are, with slashes, tildes, spaces and percent signs', async () => {
    const key = 'a/b~c d%e'
    const [issue] = await issuesOf({ type: 'object', properties: { [key]: { type: 'string' } } }, { [key]: 1 })
    expect(issue?.path).toEqual([key])
  })

  it('knows the references within a document, and formats', async () => {
    const schema = { $ref: '#/$defs/mail', $defs: { mail: { type: 'string', format: 'email' } } }
    expect(await validate(schema, 'ann@example.com')).toEqual({ value: 'ann@example.com' })
    expect(await words(schema, 'ann')).toContain('email')
  })

  it('of draft 7 is read by the rules of draft 7', async () => {
    const tuple = {
      $schema: 'http://json-schema.org/draft-07/schema#',
      type: 'array',
      items: [{ type: 'string' }, { type: 'number' }],
      additionalItems: false,
    }
    expect(await validate(tuple, ['a', 1])).toEqual({ value: ['a', 1] })
    expect((await issuesOf(tuple, ['a', 'b'])).map(({ path }) => path)).toContainEqual(['1'])
    expect((await issuesOf(tuple, ['a', 1, 2])).length).toBeGreaterThan(0)
  })

  it('looks at a value as it will travel', async () => {
    const schema = { type: 'object', properties: { id: { type: 'string' }, at: { type: 'string', format: 'date-time' } } }
    const value = { id: undefined, at: new Date(0) }
    expect(await validate(schema, value)).toEqual({ value })
    expect(await words(schema, 1n)).toMatch(/^Expected a JSON value: /)
    expect(await words({}, undefined)).toBe('Expected a JSON value, got undefined.')
  })

  it('that says nothing lets everything pass', async () => {
    for (const value of [null, 0, '', [], {}]) expect(await validate({}, value)).toEqual({ value })
  })
})

describe('a library that cannot describe itself', () => {
  const foreign = (vendor: string) => ({ '~standard': { version: 1, vendor, validate: (value: unknown) => ({ value }) } }) as unknown as Schema

  it.each([
    ['valibot', v.object({ to: v.string() }) as Schema, 'toStandardJsonSchema() of @valibot/to-json-schema'],
    ['zod', foreign('zod'), 'zod 4.2 or later'],
    ['arktype', foreign('arktype'), 'arktype 2.1.28 or later'],
    ['acme', foreign('acme'), 'https://standardschema.dev/json-schema'],
    ['constructor', foreign('constructor'), 'https://standardschema.dev/json-schema'],
  ])('(%s) is refused with what to do', (vendor, schema, advice) => {
    const error = thrownBy(() => toJsonSchema(schema, 'inputSchema of f'))
    expect(error).toMatchObject({ code: 'misuse' })
    expect(error.message).toContain(`The inputSchema of f is a schema of ${vendor} `)
    expect(error.message).toContain(advice)
  })

  it('in one place says which schema, and why', () => {
    const error = thrownBy(() => toJsonSchema(z.object({ at: z.date() }), 'outputSchema of f'))
    expect(error).toMatchObject({ code: 'misuse', cause: expect.any(Error) as Error })
    expect(error.message).toMatch(/^The outputSchema of f cannot be written as JSON Schema: .*Date/)
  })
})

function thrownBy(act: () => unknown): ChatError {
  try {
    act()
  } catch (error) {
    if (error instanceof ChatError) return error
    throw error
  }
  return expect.unreachable('nothing was thrown')
}
