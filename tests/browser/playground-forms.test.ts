import { describe, expect, test } from 'vitest'
import { formOfSchema, formOfValue } from '../../examples/playground/shared/form.ts'
import { toProgress } from '../../examples/playground/shared/progress.ts'
import { toRows, toText } from '../../examples/playground/shared/rows.ts'
import { nameInWords } from '../../examples/playground/shared/words.ts'

describe('A form that edits a value', () => {
  test('has a field for each text, number and yes or no, and reads them back as they were', () => {
    const value = { to: 'ada@example.org', body: 'Dear Ada,\nyours', copies: 2, isUrgent: false }
    const { fields, draft, read } = formOfValue(value)
    expect(fields.map(({ label, kind }) => [label, kind])).toEqual([
      ['To', 'text'],
      ['Body', 'long-text'],
      ['Copies', 'number'],
      ['Is urgent', 'yes-no'],
    ])
    expect(read(draft)).toEqual({ value })
  })

  test('gives an emptied text as an empty one, and leaves an emptied number out', () => {
    const { read } = formOfValue({ subject: 'Hello', copies: 2 })
    expect(read({ subject: '', copies: '' })).toEqual({ value: { subject: '' } })
  })

  test('says which number is none', () => {
    expect(formOfValue({ copies: 2 }).read({ copies: 'two' })).toEqual({ error: 'Copies has to be a number.' })
  })

  test.for([[{ to: ['ada', 'bob'] }], [['ada']], ['ada'], [{}], [null]])('is JSON for %j', ([value]) => {
    const { fields, draft, read } = formOfValue(value)
    expect(fields.map(({ kind }) => kind)).toEqual(['json'])
    expect(read(draft)).toEqual({ value })
    expect(read({ json: '{"to"' })).toEqual({ error: expect.stringContaining('not valid JSON') })
  })
})

describe('A form that asks for what a schema describes', () => {
  const properties = { size: { enum: [38, 40] }, name: { type: 'string', title: 'Your name' }, notes: { type: 'string' } }
  const form = formOfSchema({ type: 'object', properties, required: ['name'] })

  test('gives choices as the schema has them, and leaves out what is empty', () => {
    expect(form.fields.map(({ label, kind, options }) => [label, kind, options])).toEqual([
      ['Size', 'choice', ['38', '40']],
      ['Your name', 'text', []],
      ['Notes', 'text', []],
    ])
    expect(form.read({ ...form.draft, name: 'Ada', size: '40' })).toEqual({ value: { name: 'Ada', size: 40 } })
  })

  test('says what is missing', () => {
    expect(form.read({ ...form.draft, name: ' ' })).toEqual({ error: 'Your name is missing.' })
  })

  test('begins with the defaults', () => {
    const { draft } = formOfSchema({ properties: { day: { enum: ['Friday'], default: 'Friday' }, guests: { type: 'integer', default: 2 } } })
    expect(draft).toEqual({ day: 'Friday', guests: '2' })
  })

  test.for([
    [undefined, 'yes', 'yes'],
    [{ type: 'number' }, '7', 7],
    [{ type: 'boolean' }, true, true],
  ] as const)('for one value (%j) has one field', ([schema, typed, value]) => {
    expect(formOfSchema(schema).read({ answer: typed })).toEqual({ value })
  })

  test.for([[{ type: 'array' }], [{ anyOf: [] }], [{ properties: { list: { type: 'array' } } }]])('is JSON for %j', ([schema]) => {
    const { fields, read } = formOfSchema(schema)
    expect(fields.map(({ kind }) => kind)).toEqual(['json'])
    expect(read({ json: '[1]' })).toEqual({ value: [1] })
  })
})

test.for([
  [undefined, null],
  [0.5, { share: 0.5, text: '50 %' }],
  [42, { text: '42' }],
  [
    { done: 3, total: 4 },
    { share: 0.75, text: '3 of 4' },
  ],
  [
    { done: 9, total: 4, message: 'Packing' },
    { share: 1, text: 'Packing' },
  ],
  [{ done: 0, total: 0 }, { text: '{\n  "done": 0,\n  "total": 0\n}' }],
  ['Looking', { text: 'Looking' }],
] as const)('The progress %j is shown as %j', ([progress, shown]) => {
  expect(toProgress(progress)).toEqual(shown)
})

test('The fields of an object are rows in words; what has no fields is a text', () => {
  expect(toRows({ wind_speed: 3, isDry: true, hours: ['9', 10], missing: undefined })).toEqual([
    { name: 'Wind speed', text: '3' },
    { name: 'Is dry', text: 'yes' },
    { name: 'Hours', text: '9, 10' },
  ])
  expect(toRows(['a'])).toBe(null)
  expect(toText([{ a: 1 }])).toBe('[\n  {\n    "a": 1\n  }\n]')
})

test.for(['get_weather', 'getWeather', 'get-weather', 'GET_WEATHER'])('%s is called “Get weather”', (name) => {
  expect(nameInWords(name)).toBe('Get weather')
})
