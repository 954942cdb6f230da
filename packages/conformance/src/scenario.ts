import type { Harness, ServerHarness } from './harness.ts'

/** One thing that a binding must do, as a person would see it. `title` is a sentence. */
export interface Scenario<H = Harness> {
  title: string
  run(harness: H): Promise<void>
}

export type ServerScenario = Scenario<ServerHarness>
