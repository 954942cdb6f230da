import { describe, expect, it } from 'vitest'
import { manualClock } from '../../test/support/manual-clock.ts'
import { ModelError } from '../model-error.ts'
import { retrying } from './retrying.ts'

/** Fails with each of these, then succeeds. */
function trying(errors: ModelError[], { maxRetries = 5, signal = new AbortController().signal } = {}) {
  const clock = manualClock()
  let attempts = 0
  const attempt = async () => {
    const error = errors[attempts++]
    if (error) throw error
    return 'done'
  }
  const result = retrying(attempt, { maxRetries, clock, signal, errorOf: (error) => error as ModelError })
  result.catch(() => {})
  return { clock, result, attempts: () => attempts }
}

const busy = (retryAfter?: number) => new ModelError('rate_limit', 'busy', { retryAfter })

describe('retrying', () => {
  it('waits 1 s, 2 s, 4 s', async () => {
    const { clock, result, attempts } = trying([busy(), busy(), busy()])
    for (const [ms, before] of [
      [1000, 1],
      [2000, 2],
      [4000, 3],
    ] as const) {
      await clock.timerSet()
      clock.advance(ms - 1)
      expect(attempts()).toBe(before)
      clock.advance(1)
    }
    expect(await result).toBe('done')
  })

  it('waits for as long as the provider asks', async () => {
    const { clock, result } = trying([busy(7000)])
    await clock.timerSet()
    clock.advance(6999)
    expect(clock.pending()).toBe(1)
    clock.advance(1)
    expect(await result).toBe('done')
  })

  it.each([
    ['nothing, when it may not', [busy()], 0],
    ['what will not pass', [new ModelError('auth', 'no')], 5],
    ['nobody who asks for more than a minute', [busy(60_001)], 5],
  ])('tries again %s', async (_what, errors, maxRetries) => {
    const { clock, result, attempts } = trying(errors, { maxRetries })
    await expect(result).rejects.toBe(errors[0])
    expect([attempts(), clock.pending()]).toEqual([1, 0])
  })

  it('gives up with the last error', async () => {
    const errors = [busy(), busy()]
    const { clock, result } = trying(errors, { maxRetries: 1 })
    await clock.timerSet()
    clock.advance(1000)
    await expect(result).rejects.toBe(errors[1])
  })

  it('does not wait past an abort', async () => {
    const controller = new AbortController()
    const { clock, result } = trying([busy()], { signal: controller.signal })
    await clock.timerSet()
    controller.abort(new Error('gone'))
    await expect(result).rejects.toThrow('gone')
    expect(clock.pending()).toBe(0)
  })
})
