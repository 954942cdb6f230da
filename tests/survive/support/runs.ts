import fc from 'fast-check'

/** How many random schedules each property is tried with. Default 4, which takes some seconds; `SURVIVE_RUNS=200` takes minutes. */
const RUNS = Number(process.env['SURVIVE_RUNS'] ?? 4)
/** `SURVIVE_SEED` plays a failure again; with `SURVIVE_SHRINK=1` the smallest one is looked for, which takes its time. */
const SEED = Number(process.env['SURVIVE_SEED'] ?? (Date.now() ^ (Math.random() * 0x100000000)) | 0)

/** Checks a property with `SURVIVE_RUNS` random schedules. */
export async function holds<T>(arbitrary: fc.Arbitrary<T>, check: (value: T) => Promise<void>, numRuns = RUNS): Promise<void> {
  await fc.assert(fc.asyncProperty(arbitrary, check), { numRuns, seed: SEED, endOnFailure: process.env['SURVIVE_SHRINK'] === undefined })
}

export const allowMs = (perRun: number): number => 30_000 + RUNS * perRun
export const printSeed = (): void => console.info(`SURVIVE_RUNS=${RUNS} SURVIVE_SEED=${SEED}`)
