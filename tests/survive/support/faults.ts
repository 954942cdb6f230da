import type { ConnectionFaults, LaneFaults } from '@statechat/core/testing/fault-proxy'
import fc from 'fast-check'

const by = fc.constantFrom('cut' as const, 'reset' as const)
const sizes = fc.oneof(
  { weight: 4, arbitrary: fc.array(fc.integer({ min: 20, max: 900 }), { minLength: 1, maxLength: 3 }) },
  { weight: 1, arbitrary: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 }) },
)
const breaking = (after: fc.Arbitrary<number>, how: fc.Arbitrary<'cut' | 'reset'> = by): fc.Arbitrary<LaneFaults> =>
  fc.record({ break: fc.record({ after, by: how }), split: fc.option(sizes, { nil: undefined }) })

/** A connection that may bring nothing at all. */
const fruitless: fc.Arbitrary<ConnectionFaults> = fc.oneof(
  fc.record({ refuse: fc.constant(true) }),
  fc.record({ request: breaking(fc.nat(1_200)) }),
  fc.record({ answer: breaking(fc.nat(1_500)) }),
)
/** One that brings some events. A reset takes back what the other side has not read yet, and on a busy machine that may be all of it. */
const fruitful: fc.Arbitrary<ConnectionFaults> = fc.record({ answer: breaking(fc.integer({ min: 4_000, max: 12_000 }), fc.constant('cut')) })

/** What happens to the connections of one run, in order; a client gives up after 8 that brought nothing, so there are never so many in a row. */
export const connectionFaults: fc.Arbitrary<ConnectionFaults[]> = fc
  .array(fc.tuple(fc.array(fruitless, { maxLength: 4 }), fruitful), { maxLength: 4 })
  .map((groups) => groups.flatMap(([evil, last]) => [...evil, last]))

/** Without the splitting, which takes many turns of the event loop. */
export const coarseFaults: fc.Arbitrary<ConnectionFaults[]> = connectionFaults.map((all) =>
  all.map(({ refuse, request, answer }) => ({
    ...(refuse && { refuse }),
    ...(request && { request: { break: request.break } }),
    ...(answer && { answer: { break: answer.break } }),
  })),
)

/** For a page that looks for a run: it does so once, with one connection or two. */
export const joinFaults: fc.Arbitrary<ConnectionFaults[]> = fc
  .tuple(fc.tuple(fruitful, fruitful), connectionFaults)
  .map(([looking, reading]) => [...looking, ...reading])
