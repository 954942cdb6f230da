import { nameInWords } from './words.ts'

/** One control of a form; what kind it is decides how it looks and how its text is read. */
export interface Field {
  name: string
  label: string
  kind: 'text' | 'long-text' | 'number' | 'yes-no' | 'choice' | 'json'
  /** Of a choice. */
  options: readonly string[]
}

/** What was typed so far, by the name of the field. */
export type Draft = Readonly<Record<string, string | boolean>>

type Reading = { value: unknown; error?: undefined } | { error: string; value?: undefined }

export interface Form {
  fields: readonly Field[]
  /** What the form shows at first. */
  draft: Draft
  /** The value that a draft stands for, or what is wrong with it. */
  read(draft: Draft): Reading
}

interface JsonSchema {
  type?: unknown
  title?: unknown
  enum?: unknown
  default?: unknown
  properties?: unknown
  required?: unknown
}

/** A form that edits this value: a field for each text, number and yes or no; JSON if there is more in it. */
export function formOfValue(value: unknown): Form {
  const entries = isRecord(value) ? Object.entries(value) : []
  const kinds = entries.map(([, field]) => kindOfValue(field))
  if (entries.length === 0 || kinds.includes('json')) return jsonForm(value)
  return formOf(
    entries.map(([name, field], index) => ({ name, kind: kinds[index]!, initial: field, isRequired: false, choices: [] })),
    (values) => values,
  )
}

/** A form that asks for what a JSON Schema describes; a text where there is no schema. */
export function formOfSchema(schema: object | undefined): Form {
  if (!schema) return answerForm({ type: 'string' })
  const { properties, required } = schema as JsonSchema
  if (!isRecord(properties)) return kindOfSchema(schema) === 'json' ? jsonForm(undefined) : answerForm(schema)
  const named = Object.entries(properties) as [string, JsonSchema][]
  if (named.some(([, property]) => kindOfSchema(property) === 'json')) return jsonForm(undefined)
  const isRequired = (name: string) => Array.isArray(required) && required.includes(name)
  return formOf(
    named.map(([name, property]) => ({ ...specOf(name, property), isRequired: isRequired(name) })),
    (values) => values,
  )
}

interface FieldSpec {
  name: string
  label?: string | undefined
  kind: Field['kind']
  initial: unknown
  isRequired: boolean
  choices: readonly unknown[]
}

const ANSWER = 'answer'

/** For a schema of one bare value. */
const answerForm = (schema: JsonSchema): Form => formOf([{ ...specOf(ANSWER, schema), isRequired: true }], (values) => values[ANSWER])

function specOf(name: string, schema: JsonSchema): Omit<FieldSpec, 'isRequired'> {
  const { title, enum: choices } = schema
  return {
    name,
    kind: kindOfSchema(schema),
    initial: schema.default,
    choices: Array.isArray(choices) ? choices : [],
    ...(typeof title === 'string' && { label: title }),
  }
}

function formOf(specs: readonly FieldSpec[], toValue: (values: Record<string, unknown>) => unknown): Form {
  return {
    fields: specs.map(({ name, label = nameInWords(name), kind, choices }) => ({ name, label, kind, options: choices.map(String) })),
    draft: Object.fromEntries(specs.map(({ name, kind, initial }) => [name, kind === 'yes-no' ? initial === true : toTyped(initial)])),
    read(draft) {
      const values: [string, unknown][] = []
      for (const spec of specs) {
        const { value, error } = readField(spec, draft[spec.name])
        if (error !== undefined) return { error }
        if (value !== undefined) values.push([spec.name, value])
      }
      return { value: toValue(Object.fromEntries(values)) }
    },
  }
}

const toTyped = (initial: unknown): string => (typeof initial === 'string' ? initial : (JSON.stringify(initial) ?? ''))

type FieldReading = { value: unknown; error?: undefined } | { error: string; value?: undefined }

/** A field that is left empty is left out, if it may be; a text that was there may be emptied. */
function readField({ name, label = nameInWords(name), kind, initial, isRequired, choices }: FieldSpec, typed: string | boolean = ''): FieldReading {
  if (typeof typed === 'boolean') return { value: typed }
  const isText = kind === 'text' || kind === 'long-text'
  if (typed.trim() === '') {
    if (isRequired) return { error: `${label} is missing.` }
    return { value: isText && typeof initial === 'string' ? typed : undefined }
  }
  if (kind === 'choice') return { value: choices.find((choice) => String(choice) === typed) }
  if (kind !== 'number') return { value: typed }
  const number = Number(typed)
  return Number.isFinite(number) ? { value: number } : { error: `${label} has to be a number.` }
}

function jsonForm(value: unknown): Form {
  return {
    fields: [{ name: 'json', label: 'As JSON', kind: 'json', options: [] }],
    draft: { json: JSON.stringify(value, null, 2) ?? '' },
    read({ json = '' }) {
      try {
        return { value: JSON.parse(String(json)) as unknown }
      } catch (cause) {
        return { error: `This is not valid JSON: ${cause instanceof Error ? cause.message : String(cause)}` }
      }
    },
  }
}

const LONG = 40

function kindOfValue(value: unknown): Field['kind'] {
  switch (typeof value) {
    case 'string':
      return value.length > LONG || value.includes('\n') ? 'long-text' : 'text'
    case 'number':
      return 'number'
    case 'boolean':
      return 'yes-no'
    default:
      return 'json'
  }
}

function kindOfSchema({ type, enum: choices }: JsonSchema): Field['kind'] {
  if (Array.isArray(choices)) return 'choice'
  switch (type) {
    case 'string':
      return 'text'
    case 'number':
    case 'integer':
      return 'number'
    case 'boolean':
      return 'yes-no'
    default:
      return 'json'
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
