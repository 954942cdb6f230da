import type { Scenario } from '../scenario.ts'
import { approvals } from './approvals.ts'
import { callbacks } from './callbacks.ts'
import { hydrating } from './hydrating.ts'
import { interrupts } from './interrupts.ts'
import { lives } from './lives.ts'
import { options } from './options.ts'
import { restored } from './restored.ts'
import { resumed } from './resumed.ts'
import { runs } from './runs.ts'
import { sending } from './sending.ts'
import { sharedState } from './shared-state.ts'
import { structuredOutput } from './structured-output.ts'
import { toolCalls } from './tool-calls.ts'
import { toolEnds } from './tool-ends.ts'
import { tools } from './tools.ts'
import { updates } from './updates.ts'

export const scenarios: readonly Scenario[] = [
  ...sending,
  ...updates,
  ...runs,
  ...callbacks,
  ...options,
  ...lives,
  ...hydrating,
  ...tools,
  ...toolEnds,
  ...approvals,
  ...interrupts,
  ...restored,
  ...resumed,
  ...structuredOutput,
  ...sharedState,
  ...toolCalls,
]
