import { progress } from '../report/progress.js'
import { measureAnswers } from './measure-answers.js'
import { median } from './stopwatch.js'

/** Milliseconds of CPU that a measurement takes at least. */
const ENOUGH = 60
/** Milliseconds of CPU after which a contestant counts as compiled, for each size. */
const WARM = 200

/**
 * How one contestant's CPU time grows with a size: the power of the size, 1 is linear, 0 is not at all.
 * `measure` names the time: `cpu`, or `answer` without the writing of the request.
 */
export async function grow({ title, contestant, sizes, taskOf, measure = 'cpu', rounds }) {
  const runs = []
  for (const size of sizes) {
    const task = taskOf(size)
    let ms = 0
    for (let spent = 0; spent < WARM; spent += ms) ({ [measure]: ms } = await measureAnswers(contestant, task, 1))
    runs.push({ size, task, times: Math.ceil(ENOUGH / ms), samples: [] })
  }
  for (let round = 0; round < rounds; round++) {
    for (const { size, task, times, samples } of runs) {
      const { [measure]: ms } = await measureAnswers(contestant, task, times)
      samples.push(ms)
      progress(`${title} · round ${round + 1} of ${rounds} · ${size}: ${ms.toFixed(1)} ms`)
    }
  }
  const ms = runs.map(({ samples }) => median(samples))
  return { title, sizes, ms, exponent: exponent(sizes, ms) }
}

/** The slope of the line through the values by least squares, both axes in logarithms. */
export function exponent(sizes, figures) {
  const points = sizes.map((size, i) => [Math.log(size), Math.log(figures[i])])
  const mean = (axis) => points.reduce((sum, point) => sum + point[axis], 0) / points.length
  const [x, y] = [mean(0), mean(1)]
  return points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0) / points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0)
}
