import { floorOf } from '../contestants/contestants.js'
import { progress } from '../report/progress.js'
import { measureAnswers } from './measure-answers.js'
import { median } from './stopwatch.js'

/** Milliseconds of CPU that a measurement takes at least: a short answer is read that many times. */
const ENOUGH = 40
/** Milliseconds of CPU after which a contestant counts as compiled. */
const WARM = 2000

/**
 * All contestants on one task. One whose answer takes a great part of `patience` (ms of wall) gets fewer rounds, at least one, and
 * gets them first; the rounds of all else are interleaved. Nobody is measured cold: half a minute of another's garbage makes the engine
 * forget code that was compiled, so each sample comes after as many answers that do not count.
 */
export async function compare({ title, task, contestants, rounds, patience, measure = measureAnswers }) {
  const racers = []
  // The slow ones are among the last of the list.
  for (const contestant of contestants.toReversed()) racers.push(await warmUp({ title, contestant, task, rounds, patience, measure }))
  const run = async (racer, round) => {
    const { contestant, times } = racer
    if (!racer.isSlow) await measure(contestant, task, times)
    const sample = await measure(contestant, task, times)
    racer.samples[round] = sample
    progress(`${title} · round ${round + 1} of ${racer.rounds} · ${contestant.name} ${sample.cpu.toFixed(1)} ms`)
  }
  for (const racer of racers) for (let round = racer.samples.length; racer.isSlow && round < racer.rounds; round++) await run(racer, round)
  const quick = racers.filter((racer) => !racer.isSlow)
  for (let round = 0; round < rounds; round++) {
    // Another one begins each time.
    for (let i = 0; i < quick.length; i++) await run(quick[(i + round) % quick.length], round)
  }
  const floors = racers.filter(({ contestant }) => contestant === floorOf(contestant))
  return racers.toReversed().map((racer) =>
    entryOf(
      racer,
      floors.find(({ contestant }) => contestant === floorOf(racer.contestant)),
    ),
  )
}

async function warmUp({ title, contestant, task, rounds, patience, measure }) {
  let sample = await measure(contestant, task, 1)
  progress(`${title} · warm-up · ${contestant.name} ${sample.cpu.toFixed(1)} ms, ${sample.wall.toFixed(1)} ms of wall`)
  const affordable = Math.min(rounds, Math.max(1, Math.floor(patience / sample.wall)))
  // A long one is warm before its end.
  if (affordable < rounds && contestant !== floorOf(contestant)) {
    return { contestant, isSlow: true, rounds: affordable, times: 1, samples: affordable === 1 ? [sample] : [] }
  }
  for (let spent = sample.cpu; spent < WARM; spent += sample.cpu) sample = await measure(contestant, task, 1)
  return { contestant, isSlow: false, rounds, times: Math.ceil(ENOUGH / sample.cpu), samples: [] }
}

function entryOf({ contestant, samples, times }, floor) {
  const typical = (of, time) => median(of.map((sample) => sample[time]))
  // Of the same round, as a busy neighbour slows both; one with fewer rounds has none to itself.
  const ratio = (time) =>
    samples.length === floor.samples.length
      ? median(samples.map((sample, i) => sample[time] / floor.samples[i][time]))
      : typical(samples, time) / typical(floor.samples, time)
  return {
    name: contestant.name,
    rounds: samples.length,
    answersPerRound: times,
    cpuMs: typical(samples, 'cpu'),
    wallMs: typical(samples, 'wall'),
    ofFloor: ratio('cpu'),
    wallOfFloor: ratio('wall'),
    floor: floor.contestant.name,
    samplesMs: samples.map(({ cpu }) => cpu),
  }
}
