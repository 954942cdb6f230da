import { refusal } from './refusal.ts'
import type { Step, ToolOutcome } from './step.ts'

/** Calls `get_weather { city }` and puts the result into words. */
export function* weather(question: string): Generator<Step, void, ToolOutcome[]> {
  const city = cityOf(question)
  yield `I will look up the weather in ${city}.`
  const [result] = yield { tool: 'get_weather', input: { city }, output: climate(city) }
  if (result?.error !== undefined) yield refusal(result.error, 'The weather could not be looked up')
  else yield `**${city}**: ${inWords(result)}`
}

function cityOf(question: string): string {
  const found = /\b(?:in|at|for|of)\s+(\p{L}[\p{L}'’-]*(?:\s+\p{Lu}[\p{L}'’-]*)*)/u.exec(question)
  return found?.[1] ?? 'Paris'
}

/** Made up, but always the same for the same city. */
function climate(city: string) {
  const seed = [...city.toLowerCase()].reduce((hash, letter) => (hash * 31 + letter.codePointAt(0)!) % 9973, 7)
  return { city, temperature: (seed % 35) - 5, unit: '°C', condition: CONDITIONS[seed % CONDITIONS.length]! }
}

const CONDITIONS = ['sunny', 'cloudy', 'rain', 'wind', 'fog'] as const

/** A client's own tool may answer in any form. */
function inWords(result: ToolOutcome | undefined): string {
  const { temperature, unit = '°C', condition } = (result?.output ?? {}) as { temperature?: unknown; unit?: unknown; condition?: unknown }
  if (typeof temperature !== 'number') return result?.content ?? 'no result.'
  return `${temperature} ${String(unit)}${typeof condition === 'string' ? `, ${condition}` : ''}.`
}
