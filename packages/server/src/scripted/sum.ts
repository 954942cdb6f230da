import { refusal } from './refusal.ts'
import type { Step, ToolOutcome } from './step.ts'

export interface Sum {
  a: number
  b: number
  operator: '+' | '-' | '*' | '/'
}

const WORDS: Readonly<Record<string, Sum['operator']>> = {
  '+': '+',
  plus: '+',
  '-': '-',
  '−': '-',
  minus: '-',
  '*': '*',
  x: '*',
  '×': '*',
  times: '*',
  '/': '/',
  '÷': '/',
}

const NUMBER = String.raw`(-?\d+(?:\.\d+)?)`
/** A bare hyphen is no minus: dates have them. */
const OPERATOR = String.raw`\s*(\+|\*|×|÷|\/)\s*|\s+(-|−|x|plus|minus|times)\s+`
const SUM = new RegExp(`${NUMBER}(?:${OPERATOR})${NUMBER}`, 'i')
const ADD = new RegExp(String.raw`\b(?:add|sum)\b\D*?${NUMBER}\s*(?:and|to|,|\+)\s*${NUMBER}`, 'i')

/** The sum in a question, if there is one: `12 * 7`, `12 times 7`, `add 2 and 3`. */
export function parseSum(question: string): Sum | undefined {
  const added = ADD.exec(question)
  if (added) return { a: Number(added[1]), b: Number(added[2]), operator: '+' }
  const [, a, sign, word, b] = SUM.exec(question) ?? []
  const operator = WORDS[(sign ?? word ?? '').toLowerCase()]
  return operator && { a: Number(a), b: Number(b), operator }
}

/** Calls `add { a, b }` or `calculate { expression }`, and says what came out. */
export function* sum(asked: Sum): Generator<Step, void, ToolOutcome[]> {
  const { a, b, operator } = asked
  const expression = `${a} ${operator} ${b}`
  const [result] =
    operator === '+'
      ? yield { tool: 'add', input: { a, b }, output: compute(asked) }
      : yield { tool: 'calculate', input: { expression }, output: compute(asked) }
  yield result?.error === undefined ? `${expression} = **${result?.content ?? '?'}**` : refusal(result.error, 'That could not be computed')
}

function compute({ a, b, operator }: Sum): number | string {
  const value = { '+': a + b, '-': a - b, '*': a * b, '/': a / b }[operator]
  // 0.1 + 0.2 is 0.3 to a person, and JSON has no infinity.
  return Number.isFinite(value) ? Number(value.toPrecision(12)) : 'undefined'
}
