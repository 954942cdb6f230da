import { describe, expect, it } from 'vitest'
import { lazy } from './lazy.ts'

describe('lazy code', () => {
  it('is fetched by the first who needs it, once', async () => {
    let fetched = 0
    const code = lazy(() => Promise.resolve({ answer: ++fetched }))
    expect(code.get()).toBeUndefined()
    const [a, b] = await Promise.all([code.load(), code.load()])
    expect(a).toBe(b)
    expect(code.get()).toBe(a)
    expect(await code.load()).toBe(a)
    expect(fetched).toBe(1)
  })
  it('that cannot be fetched is an error that says so, and is fetched again by the next', async () => {
    const answers = [Promise.reject(new TypeError('Failed to fetch dynamically imported module')), Promise.resolve('code')]
    const code = lazy(() => answers.shift()!)
    const error = await code.load().catch((cause: unknown) => cause)
    expect(error).toMatchObject({ name: 'ChatError', code: 'load', retryable: true, cause: expect.any(TypeError) })
    expect((error as Error).message).toContain('Failed to fetch')
    expect(code.get()).toBeUndefined()
    expect(await code.load()).toBe('code')
  })
})
