/**
 * The arguments of one tool call in deltas of 16 bytes, in three lengths and three shapes. The fastest round counts: a busy neighbour only adds.
 * `chat`: the bytes of its stream through a whole chat, in reads of 16 KiB, with `part.input` read at every publication.
 * `transcript`: without network and machine, with `part.input` read after every delta, which is more often than any screen does.
 * `memory`: what the call holds before its end, in kilobytes.
 *
 *   npm run bench -- tool-arguments [--rounds 3 --limit 1000 --growth 1.2]
 *
 * Prints JSON and exits with 1 if the longest takes more milliseconds than the limit, if time or memory grows with a greater power of
 * the length than `growth` (1 is linear, 2 is square), or if a result is wrong.
 */
import { createChat, fetchServerSentEvents, syncScheduler } from '@statechat/core'
import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createTranscript } from '../packages/core/src/transcript/transcript.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    limit: { type: 'string', default: '1000' },
    growth: { type: 'string', default: '1.2' },
  },
})
const rounds = Number(values.rounds)
const limit = Number(values.limit)
const growth = Number(values.growth)

const LENGTHS = [50_000, 200_000, 1_000_000]
const DELTA = 16
const READ = 16 * 1024

const SHAPES = {
  'one long string': (length) => ({ path: 'fox.txt', content: 'The quick brown fox jumps over it.\n'.repeat(length / 36) }),
  'many short fields': (length) => Object.fromEntries(Array.from({ length: length / 24 }, (_, i) => [`field${i}`, `value${i}`])),
  'a long list': (length) => ({ rows: Array.from({ length: length / 24 }, (_, i) => ({ id: i, name: `n${i % 100}` })) }),
}

function chunksOf(text) {
  const deltas = Array.from({ length: Math.ceil(text.length / DELTA) }, (_, i) => text.slice(i * DELTA, (i + 1) * DELTA))
  return [
    { type: 'RUN_STARTED', threadId: 't', runId: 'r' },
    { type: 'TOOL_CALL_START', toolCallId: 'c', toolCallName: 'write' },
    ...deltas.map((delta) => ({ type: 'TOOL_CALL_ARGS', toolCallId: 'c', delta })),
    { type: 'TOOL_CALL_END', toolCallId: 'c' },
    { type: 'TOOL_CALL_RESULT', messageId: 'm', toolCallId: 'c', content: 'done' },
    { type: 'RUN_FINISHED', threadId: 't', runId: 'r' },
  ]
}

function readsOf(chunks) {
  const all = Buffer.from(chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join(''))
  return Array.from({ length: Math.ceil(all.length / READ) }, (_, i) => new Uint8Array(all.subarray(i * READ, (i + 1) * READ)))
}

/** Each read is a task of its own, as over a network: reads of one task would be gathered. */
function fetchOf(reads) {
  return async () => {
    let next = 0
    const body = new ReadableStream({
      async pull(controller) {
        await new Promise(setImmediate)
        if (next < reads.length) controller.enqueue(reads[next++])
        else controller.close()
      },
    })
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
  }
}

/** Counts what a renderer sees: how often it looks, and how often there is something new. */
function viewer() {
  const seen = { looks: 0, news: 0 }
  let last
  return {
    seen,
    look(messages) {
      const input = messages.at(-1)?.parts[0]?.input
      seen.looks++
      if (input !== last) seen.news++
      last = input
    },
  }
}

async function chat(chunks) {
  const { seen, look } = viewer()
  const fetch = fetchOf(readsOf(chunks))
  const before = process.cpuUsage()
  const client = createChat({ connection: fetchServerSentEvents('http://localhost/api/chat', { fetch }), scheduler: syncScheduler })
  client.subscribe(() => look(client.getSnapshot().messages))
  const { outcome, message } = await client.sendMessage('Write it.')
  client.dispose()
  const ms = since(before)
  if (outcome !== 'finished') throw new Error(`The turn ${outcome}.`)
  return { ms, ...seen, input: message.parts[0].input }
}

async function transcript(chunks) {
  const { seen, look } = viewer()
  const before = process.cpuUsage()
  const messages = createTranscript({ generateId: () => 'id' })
  messages.beginRun(null, 'reply')
  for (const chunk of chunks) {
    messages.apply([chunk])
    look(messages.messages())
  }
  messages.endRun('finished')
  return { ms: since(before), ...seen, input: messages.runMessage().parts[0].input }
}

/** Kilobytes of one call, from as many at once as make the greatest length. */
function memory(text, times) {
  const chunks = chunksOf(text).slice(0, -3)
  const all = []
  const before = heapUsed()
  for (let i = 0; i < times; i++) {
    const messages = createTranscript({ generateId: () => 'id' })
    messages.beginRun(null, 'reply')
    for (const chunk of chunks) messages.apply([chunk])
    all.push(messages)
  }
  const bytes = heapUsed() - before
  if (all.some((messages) => messages.runMessage().parts[0].arguments.length !== text.length)) throw new Error('The arguments are not what was sent.')
  return bytes / 1000 / times
}

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc')
function heapUsed() {
  // Finalisers free more in the second.
  collectGarbage()
  collectGarbage()
  return process.memoryUsage().heapUsed
}

/** Milliseconds of CPU of this process. */
function since(before) {
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

/** The power of the length that a figure grows with: the slope of the line through its values, both axes in logarithms. */
function exponent(figures) {
  const points = figures.map((figure, i) => [Math.log(LENGTHS[i]), Math.log(figure)])
  const mean = (axis) => points.reduce((sum, point) => sum + point[axis], 0) / points.length
  const [x, y] = [mean(0), mean(1)]
  const slope = points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0) / points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0)
  return Number(slope.toFixed(2))
}

/** The mean of so many runs: short ones are as many characters as a long one, and meet as much of the garbage collector. */
async function repeat(run, text, times) {
  const chunks = chunksOf(text)
  let ms = 0
  let figures
  for (let i = 0; i < times; i++) {
    const { input, ...rest } = await run(chunks)
    if (JSON.stringify(input) !== text) throw new Error(`The input of ${run.name} is not what was sent.`)
    figures = rest
    ms += rest.ms
  }
  return { ...figures, ms: ms / times }
}

async function measure(run, make) {
  const texts = LENGTHS.map((length) => JSON.stringify(make(length)))
  const runs = LENGTHS.map(() => [])
  for (let round = -1; round < rounds; round++) {
    for (const [i, text] of texts.entries()) {
      const figures = await repeat(run, text, LENGTHS.at(-1) / LENGTHS[i])
      if (round >= 0) runs[i].push(figures)
    }
  }
  const times = runs.map((each) => Math.min(...each.map(({ ms }) => ms)))
  const { looks, news } = runs.at(-1)[0]
  return { ms: times.map(Math.round), exponent: exponent(times), looks, news }
}

const result = { lengths: LENGTHS, rounds, limit, growth }
const failures = []
for (const [shape, make] of Object.entries(SHAPES)) {
  const times = { chat: await measure(chat, make), transcript: await measure(transcript, make) }
  const kB = LENGTHS.map((length) => memory(JSON.stringify(make(length)), LENGTHS.at(-1) / length))
  const measured = { ...times, memory: { kB: kB.map(Math.round), exponent: exponent(kB) } }
  result[shape] = measured
  for (const name of ['chat', 'transcript']) {
    const ms = measured[name].ms.at(-1)
    if (ms > limit) failures.push(`${shape}, ${name}: ${ms} ms is more than ${limit}.`)
  }
  for (const [name, { exponent: power }] of Object.entries(measured)) {
    if (!(power <= growth)) failures.push(`${shape}, ${name}: grows with the length to the power of ${power}, which is more than ${growth}.`)
  }
}
console.log(JSON.stringify(result, null, 2))
for (const failure of failures) console.error(failure)
if (failures.length > 0) process.exitCode = 1
