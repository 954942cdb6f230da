/**
 * What the address asks this page for.
 * `earlier`: messages before the measured turn; `deltas`: of its answer; `shape`: how they arrive;
 * `warm`: turns of 100 deltas before the measured one, so that compiling is not what is measured.
 */
const query = new URLSearchParams(location.search)
const number = (name, otherwise) => Number(query.get(name) ?? otherwise)

export const asked = {
  earlier: number('earlier', 2000),
  deltas: number('deltas', 2000),
  warm: number('warm', 1),
  /** `blocks`: buffered, in reads of 16 KiB; `events`: buffered, one event a read; `paced`: one event a read, by the clock. */
  shape: query.get('shape') ?? 'blocks',
  perSecond: number('perSecond', 500),
  /** Milliseconds between two renders, for the contestant that has such an option. 0: its default. */
  throttle: number('throttle', 0),
}

export const QUESTION = 'Go on.'
export const wordsOf = (count) => Array.from({ length: count }, (_, i) => `word${i % 100} `)
