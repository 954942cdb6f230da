import { afterAll, describe, expect, test } from 'vitest'
import type { Harness, ServerHarness } from './harness.ts'
import { scenarios } from './scenarios/index.ts'
import { serverScenarios } from './scenarios/server.ts'
import type { Scenario } from './scenario.ts'

/** Milliseconds; far more than any needs, for machines that are busy. */
const TIMEOUT = 60_000

/** How many scenarios each binding runs, in the DOM and on the server. */
export const SCENARIO_COUNT: number = scenarios.length
export const SERVER_SCENARIO_COUNT: number = serverScenarios.length

/** Registers one test per scenario, and one that all of them ran. Returns how many there are. */
export const conformance = (harness: Harness): number => register(harness, ['name', 'mount', 'hydrate', 'html'], scenarios)

/** The same for a binding's server side; run it in a project without a DOM. */
export const serverConformance = (harness: ServerHarness): number => register(harness, ['name', 'render'], serverScenarios)

function register<H extends { name: string }>(harness: H, members: readonly (keyof H)[], all: readonly Scenario<H>[]): number {
  let ran = 0
  let passed = 0
  describe(`${harness.name}: ${all.length} scenarios`, () => {
    for (const { title, run: assertScenario } of all) {
      test(`${title}`, { timeout: TIMEOUT }, async () => {
        ran++
        await assertScenario(harness)
        passed++
      })
    }
    test(`the harness has everything, and all ${all.length} scenarios ran`, () => {
      for (const member of members) expect(harness[member], `${String(member)} is missing in the harness`).toBeTruthy()
      expect(new Set(all.map(({ title }) => title)).size).toBe(all.length)
      expect(ran).toBe(all.length)
    })
    afterAll(() => console.log(`conformance of ${harness.name}: ${passed} of ${all.length} scenarios passed`))
  })
  return all.length
}
