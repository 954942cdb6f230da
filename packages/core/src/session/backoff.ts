/** Attempts in a row without a new chunk before a dropped run counts as failed. */
export const MAX_ATTEMPTS = 8

const FIRST = 500
const LONGEST = 30_000

/** Full jitter: a random delay in ms between 0 and a ceiling that doubles from 0.5 s to 30 s with each attempt (1-based). */
export const backoffDelay = (attempt: number, random: () => number): number => random() * Math.min(LONGEST, FIRST * 2 ** (attempt - 1))
