import { asked, wordsOf } from './asked.js'
import { watchFrames } from './frames.js'
import { renders } from './messages.js'
import { bodyOf } from './stream.js'
import { observeTurn } from './observe-turn.js'
import { onMutation } from './watch.js'

const WARM_DELTAS = 100

let contestant
let turns = 0

/** The page is there: `send` begins a turn and resolves when it is over; `protocol` is what its server speaks. */
export function ready({ protocol, send }) {
  contestant = { protocol, send }
}

const list = () => document.querySelector('#list')
const shownText = () => list().lastElementChild?.querySelector('.text')?.textContent ?? ''

/** A turn that waits to be taken, its answer encoded: encoding is the server's work, and not to be measured. */
function prepare(words, shape) {
  const body = bodyOf(contestant.protocol(words, ++turns), shape)
  const headers = { 'content-type': 'text/event-stream', 'x-vercel-ai-ui-message-stream': 'v1' }
  return { expected: words.join(''), answer: async () => new Response(body, { headers }) }
}

/** Takes a turn. Milliseconds from the send, right after a frame, until the last character was in the document, and until it was painted. */
async function take({ expected, answer }, painted) {
  globalThis.fetch = answer
  const rows = list().childElementCount + 2
  const sentAt = await painted()
  let inDocumentAt = 0
  const shown = new Promise((resolve) => {
    const end = onMutation(list(), () => {
      if (list().childElementCount !== rows || shownText().length < expected.length) return
      end()
      inDocumentAt = performance.now()
      resolve(painted())
    })
  })
  const over = contestant.send()
  const paintedAt = await shown
  await over
  await painted()
  if (shownText() !== expected) throw new Error(`The page shows ${shownText().length} characters, and not the ${expected.length} that were sent.`)
  return { ms: paintedAt - sentAt, inDocumentMs: inDocumentAt - sentAt }
}

let prepared
let observed

/** Warms up, prepares the measured turn, and lets frames pass, so that nothing of this is measured. */
async function prepareAll() {
  const { painted, end } = watchFrames()
  for (let i = 0; i < asked.warm; i++) await take(prepare(wordsOf(WARM_DELTAS), asked.shape === 'paced' ? 'events' : asked.shape), painted)
  prepared = prepare(wordsOf(asked.deltas), asked.shape)
  for (let i = 0; i < 10; i++) await painted()
  renders.clear()
  end()
}

async function measure() {
  const { frames, painted, end } = watchFrames()
  observed = observeTurn({ list: list(), frames, painted })
  const times = await take(prepared, painted)
  end()
  return times
}

/** What was seen of the measured turn. Counting it up takes a while, so it is asked for by itself. */
const seen = () => observed.end()

const isReady = () => contestant !== undefined && list()?.childElementCount === asked.earlier

Object.assign(globalThis, { bench: { isReady, prepare: prepareAll, measure, seen } })
