import { SERVER_SCENARIO_COUNT, serverConformance } from '@statechat/conformance'
import { expect, test } from 'vitest'
import { serverHarness } from './server-harness.tsx'

const registered = serverConformance(serverHarness)

test('Solid runs every scenario for servers there is', () => {
  expect(registered).toBe(SERVER_SCENARIO_COUNT)
})
