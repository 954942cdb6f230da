import { parseArgs } from 'node:util'
import { SCENARIOS } from './scenarios/scenarios.js'

/**
 *   npm run bench                    everything, half an hour; writes the tables into docs/performance.md
 *   npm run bench -- <scenario> …    only these, writes nothing
 *     --quick          fewer rounds, and less to read for slow peers: about five minutes; writes the tables, too
 *     --check          what CI holds, without a clock: that ours show what was sent, how steps and memory grow, heap per chat; half a minute
 *     --only <name>    of the contestants besides the floor only this one; may be repeated
 *     --rounds <n>     of each contestant
 *     --json <file>    all figures
 *     --profile        where statechat spends time and heap instead of how much: who, and the largest functions
 *     --write          with --profile: writes that into docs/performance.md
 */
export function readOptions(args) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      check: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true },
      rounds: { type: 'string' },
      json: { type: 'string' },
      profile: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
    },
  })
  const unknown = positionals.find((name) => !SCENARIOS.some((scenario) => scenario.name === name))
  if (unknown) throw new Error(`There is no scenario ${unknown}. There are: ${SCENARIOS.map(({ name }) => name).join(', ')}.`)
  const { check: isCheck, only, json, profile: isProfile, write: isWritten } = values
  if (isWritten && !isProfile) throw new Error('--write goes with --profile; a run of all scenarios writes its tables by itself.')
  const isQuick = values.quick || isCheck
  return {
    scenarios: positionals.length === 0 ? SCENARIOS : SCENARIOS.filter(({ name }) => positionals.includes(name)),
    isQuick,
    isCheck,
    only,
    rounds: Number(values.rounds ?? (isQuick ? 5 : 15)),
    /** Milliseconds that one contestant may take for one comparison. */
    patience: isQuick ? 6000 : 60_000,
    json,
    isProfile,
    isWritten,
    isWhole: positionals.length === 0 && !isCheck && !only,
  }
}
