import { BUFFERED, ENOUGH_MS, PACED, PACED_ROUNDS, roundsOf } from './cases.js'
import { missesClicks } from './limits.js'
import { sample } from './sample.js'
import { summarise } from './summary.js'

/**
 * Measures everybody in every case, in interleaved rounds, each second one backwards: a busy moment of the machine is
 * shared by all. Gives `{ contestant, case, samples, failures }` for each; a failure is the text of an error.
 */
export async function measureAll(page, contestants, { isQuick, onProgress }) {
  const measured = [...BUFFERED, ...PACED].flatMap((one) =>
    contestants.map((contestant) => ({
      ...one,
      contestant,
      rounds: roundsOf(contestant, one, isQuick),
      samples: [],
      failures: [],
      spentMs: 0,
    })),
  )
  const rounds = Math.max(...measured.map((one) => one.rounds))
  for (let round = 0; round < rounds; round++) {
    for (const one of round % 2 === 0 ? measured : measured.toReversed()) {
      if (round < one.rounds && one.spentMs < ENOUGH_MS) await measureOnce(page, one)
    }
    onProgress(`round ${round + 1} of ${rounds}`)
  }
  // Fewer rounds find a quiet one less often: whose clicks miss their limit gets as many as in a whole run.
  const rest = () => measured.filter((one) => one.samples.length < PACED_ROUNDS && missesClicks(summarise(one)))
  for (let again = rest(); again.length > 0; again = rest()) {
    for (const one of again) await measureOnce(page, one)
    if (again.some(({ failures }) => failures.length > 0)) break
  }
  return measured

  async function measureOnce(at, one) {
    const started = performance.now()
    try {
      one.samples.push(await sample(at, one.contestant, one.asked))
    } catch (error) {
      one.failures.push(error.message)
      onProgress(error.message)
    }
    const spentMs = performance.now() - started
    one.spentMs += spentMs
    if (spentMs > 10_000) onProgress(`${one.contestant.id}, ${one.case}: ${Math.round(spentMs / 1000)} s`)
  }
}
