import { APICallError, EmptyResponseBodyError, LoadAPIKeyError, NoSuchModelError, UnsupportedFunctionalityError } from '@ai-sdk/provider'
import { describe, expect, it } from 'vitest'
import { ModelError } from '../model-error.ts'
import { modelErrorOf } from './error-of.ts'

const http = (
  statusCode: number | undefined,
  { data, message = 'x', headers }: { data?: unknown; message?: string; headers?: Record<string, string> } = {},
) =>
  new APICallError({
    message,
    url: 'http://x',
    requestBodyValues: {},
    ...(statusCode !== undefined && { statusCode }),
    ...(headers && { responseHeaders: headers }),
    data,
  })

const before = { provider: 'mock', answered: false }
const within = { provider: 'mock', answered: true }

describe('what a provider throws', () => {
  it.each<[string, unknown, string]>([
    ['no answer', http(undefined), 'provider_unavailable'],
    ['an answer that is none', http(200), 'bad_response'],
    ['402', http(402), 'quota'],
    ['403', http(403), 'auth'],
    ['408', http(408), 'timeout'],
    ['409, which may pass', http(409), 'provider_unavailable'],
    ['400', http(400), 'invalid_request'],
    ['a code that tells more than the status', http(429, { data: { error: { code: 'insufficient_quota' } } }), 'quota'],
    ['a status that tells more than the type', http(429, { data: { error: { type: 'api_error' } } }), 'rate_limit'],
    ['a long prompt at Google', http(400, { message: 'The input token count (2000000) exceeds the maximum' }), 'context_length'],
    ['a bad key at Google', http(400, { message: 'API key not valid. Please pass a valid API key.' }), 'auth'],
    ['no key', new LoadAPIKeyError({ message: 'x' }), 'misconfigured'],
    ['no such model', new NoSuchModelError({ modelId: 'x', modelType: 'languageModel' }), 'not_found'],
    ['content that the model does not take', new UnsupportedFunctionalityError({ functionality: 'video' }), 'unsupported_content'],
    ['no body', new EmptyResponseBodyError(), 'bad_response'],
    ['a timeout', new DOMException('x', 'TimeoutError'), 'timeout'],
    ['anything else', new Error('x'), 'provider_error'],
    ['no error at all', 'x', 'provider_error'],
  ])('%s is told', (_what, error, code) => {
    expect(modelErrorOf(error, before)).toMatchObject({ name: 'ModelError', code, cause: error })
  })

  it('is a ModelError that stays as it is', () => {
    const error = new ModelError('truncated', 'x')
    expect(modelErrorOf(error, before)).toBe(error)
  })

  it('has the words and the status of the provider', () => {
    expect(modelErrorOf(http(500, { message: 'oops' }), before)).toMatchObject({ message: 'mock: oops', status: 500 })
  })

  it.each<[Record<string, string>, number | undefined]>([
    [{ 'retry-after': '2' }, 2000],
    [{ 'retry-after': '0.5' }, 500],
    [{ 'retry-after': 'Thu, 01 Jan 1970 00:01:30 GMT' }, 30_000],
    [{ 'retry-after': 'Thu, 01 Jan 1970 00:00:00 GMT' }, 0],
    [{ 'retry-after-ms': '1500', 'retry-after': '2' }, 1500],
    [{ 'retry-after': 'soon' }, undefined],
    [{}, undefined],
  ])('says with %j to wait for %s ms', (headers, expected) => {
    expect(modelErrorOf(http(429, { headers }), { ...before, now: 60_000 }).retryAfter).toBe(expected)
  })
})

describe('what breaks an answer', () => {
  it.each<[string, unknown, string]>([
    ['a broken connection', new TypeError('terminated'), 'truncated'],
    ['one that the provider tells of', http(200), 'truncated'],
    ['Anthropic’s own words', { type: 'overloaded_error', message: 'Overloaded' }, 'provider_unavailable'],
    ['OpenAI’s own words', { type: 'error', error: { type: 'server_error', code: 'rate_limit_exceeded', message: 'x' } }, 'rate_limit'],
    ['Google’s own words', { code: 503, status: 'UNAVAILABLE', message: 'x' }, 'provider_unavailable'],
    ['words that nobody knows', { message: 'x' }, 'provider_error'],
  ])('%s is told', (_what, error, code) => {
    expect(modelErrorOf(error, within)).toMatchObject({ code })
  })

  it('has the words of the provider, wherever they are', () => {
    expect(modelErrorOf({ type: 'error', error: { message: 'Overloaded' } }, within).message).toBe('mock: Overloaded')
    expect(modelErrorOf({ odd: 1 }, within).message).toBe('mock: {"odd":1}')
  })
})
