import { describe, expect, it } from 'vitest'
import { retryAfterOf } from './retry-after.ts'

const date = 'Sat, 01 Jan 2000 00:00:00 GMT'

describe('retryAfterOf', () => {
  it.each([
    [{ 'retry-after': '7' }, 7000],
    [{ 'retry-after': ' 0 ' }, 0],
    [{ 'retry-after': '1.5' }, 1500],
    [{ 'retry-after': 'Sat, 01 Jan 2000 00:01:00 GMT', date }, 60_000],
    [{ 'retry-after': 'Fri, 31 Dec 1999 00:00:00 GMT', date }, 0],
    // Without the server's clock a date says nothing.
    [{ 'retry-after': date }, undefined],
    [{ 'retry-after': 'soon', date }, undefined],
    [{}, undefined],
  ])('%j is %j ms', (headers, expected) => {
    expect(retryAfterOf(new Headers(headers as Record<string, string>))).toBe(expected)
  })
})
