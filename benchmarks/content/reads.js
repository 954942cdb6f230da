import { agUiEvents } from './ag-ui.js'
import { uiMessageEvents } from './ui-message-stream.js'

/** Bytes of one read, where reads are large. */
const BLOCK = 16 * 1024

/** How the bytes of an answer arrive. The same bytes, whatever the reads. */
export const SHAPES = {
  blocks: { title: '16 KiB a read', cut: inBlocks },
  events: { title: 'one event a read', cut: (events) => events },
  pacedBlocks: { title: '16 KiB a read and task', cut: inBlocks, isPaced: true },
  /** As over a slow network: nobody can gather two reads into one. */
  tasks: { title: 'one event a read and task', cut: (events) => events, isPaced: true },
}

const PROTOCOLS = {
  'ag-ui': { events: agUiEvents, end: [] },
  'ui-message-stream': { events: uiMessageEvents, end: ['data: [DONE]\n\n'] },
}

/** The bytes of a content in a protocol, as a list of reads; without its last `held` events, if it is to be held back there. */
export function readsOf(content, { protocol, shape, held = 0 }) {
  const { events, end } = PROTOCOLS[protocol]
  const all = [...events(content).map((event) => `data: ${JSON.stringify(event)}\n\n`), ...end]
  const frames = all.slice(0, all.length - held)
  return SHAPES[shape].cut(frames.map((frame) => new TextEncoder().encode(frame)))
}

function inBlocks(events) {
  const all = Buffer.concat(events)
  return Array.from({ length: Math.ceil(all.length / BLOCK) }, (_, i) => new Uint8Array(all.subarray(i * BLOCK, (i + 1) * BLOCK)))
}

/**
 * A `fetch` that answers with these reads. `onCall` hears of each request, before its answer begins.
 * `isPaced`: each read in a task of its own; `isHeld`: after the last one nothing comes, not even the end, and `onDry` hears of it.
 */
export function fetchOf(reads, { isPaced = false, isHeld = false, onCall = () => {}, onDry = () => {} } = {}) {
  return async () => {
    onCall()
    let next = 0
    const give = (controller) => {
      if (next < reads.length) controller.enqueue(reads[next++])
      else if (isHeld) onDry()
      else controller.close()
    }
    const later = async (controller) => {
      await new Promise(setImmediate)
      give(controller)
    }
    return new Response(new ReadableStream({ pull: isPaced ? later : give }), { headers: { 'content-type': 'text/event-stream' } })
  }
}
