import { setTimeout } from 'node:timers/promises'
import { getWeather, sendMail } from '../shared/tools.ts'

const { SCRIPTED_DELAY_MS = '20' } = process.env

const STEPS = ['Finding the weather station', 'Reading its instruments']
const CONDITIONS = ['sunny', 'cloudy', 'rain', 'wind', 'fog']

/** Made up, but always the same for the same city; slow enough for its progress to be seen. */
export const weather = getWeather.server(async ({ city }, { emit, signal }) => {
  for (const step of STEPS) {
    emit(step)
    await setTimeout(Number(SCRIPTED_DELAY_MS) * 20, undefined, { signal })
  }
  const seed = [...city.toLowerCase()].reduce((hash, letter) => (hash * 31 + letter.codePointAt(0)!) % 9973, 7)
  return { city, temperature: (seed % 35) - 5, unit: '°C', condition: CONDITIONS[seed % CONDITIONS.length]! }
})

/** Sends nothing. A real one would check here that whoever is signed in may send it: that they agreed is what a client says. */
export const mail = sendMail.server(() => ({ id: crypto.randomUUID() }))
