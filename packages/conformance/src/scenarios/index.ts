import type { Scenario } from '../scenario.ts'
import { callbacks } from './callbacks.ts'
import { hydrating } from './hydrating.ts'
import { lives } from './lives.ts'
import { options } from './options.ts'
import { runs } from './runs.ts'
import { sending } from './sending.ts'
import { updates } from './updates.ts'

export const scenarios: readonly Scenario[] = [...sending, ...updates, ...runs, ...callbacks, ...options, ...lives, ...hydrating]
