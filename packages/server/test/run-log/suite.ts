import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { callbackTests, cancelTests, noCallbackTests } from './suite/cancels.ts'
import { claimTests } from './suite/claims.ts'
import { type LogUnderTest, RUN, type SuiteOptions } from './suite/log-under-test.ts'
import { readTests } from './suite/reads.ts'
import { scheduleTests } from './suite/schedules.ts'
import { takeoverTests } from './suite/takeovers.ts'
import { writeTests } from './suite/writes.ts'

/** What every `RunLog` keeps to: registers its tests for one implementation. */
export function runLogSuite(name: string, options: SuiteOptions): void {
  describe(`${name} keeps to the contract of a run log`, () => {
    let under: LogUnderTest
    const current = () => under
    beforeEach(async () => {
      under = await options.makeLog()
    })
    afterEach(() => under.dispose())

    claimTests(current)
    writeTests(current)
    readTests(current)
    takeoverTests(current)
    cancelTests(current)
    if (options.lacks?.onCancel === undefined) callbackTests(current)
    else noCallbackTests(current, options.lacks.onCancel)
    scheduleTests(options)

    it('is disposed of twice without harm', async () => {
      const { log } = current()
      await log.claim(RUN)
      await log.dispose()
      await expect(log.dispose()).resolves.toBeUndefined()
    })
  })
}
