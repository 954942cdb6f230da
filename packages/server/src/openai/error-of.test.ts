import { APIConnectionError, APIConnectionTimeoutError, APIError } from 'openai'
import { describe, expect, it } from 'vitest'
import { ModelError } from '../model-error.ts'
import { modelErrorOf } from './error-of.ts'

const answer = (status: number, headers: Record<string, string> = {}) =>
  APIError.generate(status, { error: { message: 'x' } }, undefined, new Headers(headers))
const within = (error: object) => new APIError(undefined, error, undefined, new Headers())

describe('the errors of the SDK', () => {
  it.each<[string, unknown, string]>([
    ['a timeout', new APIConnectionTimeoutError(), 'timeout'],
    ['no connection', new APIConnectionError({ message: 'x' }), 'provider_unavailable'],
    ['402', answer(402), 'quota'],
    ['403', answer(403), 'auth'],
    ['408', answer(408), 'timeout'],
    ['an error within the stream', within({ message: 'x' }), 'provider_error'],
    ['one with a known code', within({ message: 'x', code: 'rate_limit_exceeded' }), 'rate_limit'],
    ['one with a status for a code, as OpenRouter sends it', within({ message: 'x', code: 503 }), 'provider_unavailable'],
    ['an event that is no JSON', new SyntaxError('x'), 'bad_response'],
    ['no error at all', 'x', 'provider_error'],
  ])('%s is told', (_what, error, code) => {
    expect(modelErrorOf(error, true)).toMatchObject({ name: 'ModelError', code, cause: error })
  })

  it('leave a ModelError as it is', () => {
    const error = new ModelError('truncated', 'x')
    expect(modelErrorOf(error, true)).toBe(error)
  })

  it.each<[Record<string, string>, number | undefined]>([
    [{ 'retry-after': '2' }, 2000],
    [{ 'retry-after': '0.5' }, 500],
    [{ 'retry-after': 'Thu, 01 Jan 1970 00:01:30 GMT' }, 30_000],
    [{ 'retry-after': 'Thu, 01 Jan 1970 00:00:00 GMT' }, 0],
    [{ 'retry-after-ms': '1500', 'retry-after': '2' }, 1500],
    [{ 'retry-after': 'soon' }, undefined],
    [{}, undefined],
  ])('say with %j to wait for %s ms', (headers, expected) => {
    expect(modelErrorOf(answer(429, headers), false, 60_000).retryAfter).toBe(expected)
  })
})
