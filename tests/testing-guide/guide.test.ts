import { readdirSync, readFileSync } from 'node:fs'
import { stripVTControlCharacters } from 'node:util'
import { run, scriptedConnection, testChat, text, toolCall, toolResult } from '@statechat/core/testing'
import { expect, test } from 'vitest'
import { fromRoot } from '../conditions.ts'

const guide = readFileSync(fromRoot('docs/testing.md'), 'utf8')
const folder = fromRoot('tests/testing-guide')

/** Code of the guide; what is no language, as the output of a test, is not run. */
const fences = [...guide.matchAll(/^```(?:tsx?|js|vue|svelte)\n([\s\S]*?)^```$/gm)].map(([, code]) => code!)
const OWN = new Set(['guide.test.ts', 'vitest.projects.ts'])
const examples = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
  (name) => /\.(?:tsx?|js|vue|svelte)$/.test(name) && !name.startsWith('node_modules') && !OWN.has(name),
)
const codeOf = (name: string) => readFileSync(`${folder}/${name}`, 'utf8')

test('every piece of code in the guide is a file here, to the letter', () => {
  const known = new Set(examples.map(codeOf))
  expect(fences.filter((code) => !known.has(code))).toEqual([])
})

test('every file here is in the guide, once', () => {
  expect(examples.filter((name) => fences.filter((code) => code === codeOf(name)).length !== 1)).toEqual([])
  expect(fences).toHaveLength(examples.length)
})

test('the guide has tests, for each framework too', () => {
  expect(examples.filter((name) => name.includes('.test.')).length).toBeGreaterThan(12)
  for (const framework of ['react', 'vue', 'svelte', 'solid']) expect(examples.some((name) => name.startsWith(`${framework}/`))).toBe(true)
})

test('a failing matcher says what the guide shows', async () => {
  const script = run([...toolCall('c1', 'weather', { city: 'Paris', units: 'C' }), toolResult('c1', { celsius: 21 }), ...text('m1', 'It is 21 °C.')])
  const { chat } = testChat({ connection: scriptedConnection(script) })
  await chat.sendMessage('How warm is it in Paris?')
  let said = ''
  try {
    expect(chat).toHaveText('It is 12 °C.')
  } catch (error) {
    said = stripVTControlCharacters((error as Error).message)
  }
  expect(said).not.toBe('')
  expect(guide).toContain(`\n\`\`\`\n${said}\n\`\`\`\n`)
})
