/**
 * The bytes of one long answer, read twice: by the least that any client has to do, and by a whole chat.
 * Both get the same bytes from a `fetch` of their own, in one process, round by round in turn; medians count.
 *
 *   npm run bench [-- --deltas 20000 --rounds 15 --limit 5]
 *
 * Prints JSON and exits with 1 if a ratio is above the limit, or if a result is wrong.
 */
import { createChat, fetchServerSentEvents } from '@statechat/core'
import { createParser } from 'eventsource-parser'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: {
    deltas: { type: 'string', default: '20000' },
    rounds: { type: 'string', default: '15' },
    limit: { type: 'string', default: '5' },
  },
})
const deltas = Number(values.deltas)
const rounds = Number(values.rounds)
const limit = Number(values.limit)

const words = Array.from({ length: deltas }, (_, i) => `word${i % 100} `)
const expected = words.join('')
const events = [
  { type: 'RUN_STARTED', threadId: 't', runId: 'r' },
  { type: 'TEXT_MESSAGE_START', messageId: 'm', role: 'assistant' },
  ...words.map((delta) => ({ type: 'TEXT_MESSAGE_CONTENT', messageId: 'm', delta })),
  { type: 'TEXT_MESSAGE_END', messageId: 'm' },
  { type: 'RUN_FINISHED', threadId: 't', runId: 'r' },
].map((event) => new TextEncoder().encode(`data: ${JSON.stringify(event)}\n\n`))

const READ = 16 * 1024

/** The same bytes, cut into reads of 16 KiB. */
function inBlocks() {
  const all = Buffer.concat(events)
  return Array.from({ length: Math.ceil(all.length / READ) }, (_, i) => new Uint8Array(all.subarray(i * READ, (i + 1) * READ)))
}

function fetchOf(reads) {
  return async () => {
    let next = 0
    const body = new ReadableStream({
      pull(controller) {
        if (next < reads.length) controller.enqueue(reads[next++])
        else controller.close()
      },
    })
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
  }
}

/** eventsource-parser + JSON.parse + string append. */
async function floor(fetch) {
  let text = ''
  const parser = createParser({
    onEvent({ data }) {
      const event = JSON.parse(data)
      if (event.type === 'TEXT_MESSAGE_CONTENT') text += event.delta
    },
  })
  const decoder = new TextDecoder()
  const reader = (await fetch()).body.getReader()
  for (let read = await reader.read(); !read.done; read = await reader.read()) parser.feed(decoder.decode(read.value, { stream: true }))
  return text
}

async function statechat(fetch) {
  const chat = createChat({ connection: fetchServerSentEvents('http://localhost/api/chat', { fetch }) })
  const { outcome, message } = await chat.sendMessage('Go on.')
  chat.dispose()
  if (outcome !== 'finished') throw new Error(`The turn ${outcome}.`)
  return message.parts[0].content
}

/** Milliseconds of CPU of this process. */
async function cpu(run, fetch) {
  const before = process.cpuUsage()
  const text = await run(fetch)
  const { user, system } = process.cpuUsage(before)
  if (text !== expected) throw new Error(`${run.name} made ${text.length} characters of ${expected.length}.`)
  return (user + system) / 1000
}

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1]

async function compare(reads) {
  const times = { floor: [], statechat: [] }
  for (let round = -3; round < rounds; round++) {
    const [a, b] = [await cpu(floor, fetchOf(reads)), await cpu(statechat, fetchOf(reads))]
    if (round >= 0) {
      times.floor.push(a)
      times.statechat.push(b)
    }
  }
  const ratios = times.statechat.map((time, i) => time / times.floor[i])
  return { reads: reads.length, floorMs: median(times.floor), statechatMs: median(times.statechat), ratio: Number(median(ratios).toFixed(2)) }
}

const result = { deltas, rounds, limit, '16 KiB a read': await compare(inBlocks()), 'one event a read': await compare(events) }
console.log(JSON.stringify(result, null, 2))
const worst = Math.max(result['16 KiB a read'].ratio, result['one event a read'].ratio)
if (worst > limit) {
  console.error(`${worst} times the floor is more than ${limit}.`)
  process.exitCode = 1
}
