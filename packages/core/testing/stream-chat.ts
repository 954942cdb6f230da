import { NDJSON, SSE } from '../src/connection/framings.ts'
import type { Timers } from '../src/bytes/timers.ts'
import { encodeNdjson } from '../src/framing/ndjson.ts'
import { encodeSse } from '../src/framing/sse.ts'
import type { Chunk, RunAgentInput } from '../src/protocol/chunk.ts'
import { bodyText } from './break-error.ts'
import { manualClock, type ManualClock } from './manual-clock.ts'
import { type Happening, type Playing, playScript, scriptsOf } from './play-script.ts'
import type { Drop, HttpFailure, Script } from './script.ts'
import { type ScriptOptions, splitOptions } from './scripted-connection.ts'
import { settled } from './settled.ts'

/** What a server was asked for. */
export interface StreamedRequest {
  readonly url: string
  readonly headers: Headers
  /** The whole body. */
  readonly body: unknown
  /** The body as the library's adapters write it: wire messages, tools, state, answers to interrupts. */
  readonly input: RunAgentInput
  /** Aborts when the client goes away. */
  readonly signal: AbortSignal
}

/** Answers a request for a run; a response resolver of MSW 2, or anything else that turns a `Request` into a `Response`. */
export interface StreamedChat<C extends Timers = ManualClock> {
  (info: { request: Request }): Promise<Response>
  /** What was asked for so far, oldest first. */
  readonly requests: readonly StreamedRequest[]
  /** The clock of the pauses. */
  readonly clock: C
}

/**
 * A server that plays one script per request, as AG-UI over server-sent events, or over NDJSON for a client that accepts only that:
 * for `http.post` of MSW 2. Each step is one write. `httpError()` is the status, an `Error` or `drop()` breaks the connection, before
 * the answer or in the middle of it. With `drop(cursor)` what stands before it has the cursor for its id, and a run that is asked for again, with the
 * same `runId`, as an adapter with `resumable: true` does, is given what stands after it. Throws `ChatError` `misuse` for a script that cannot be played, and when none is left.
 *
 * @example
 * const answers = streamChat(run(text('m1', 'Hel', pause(500), 'lo')), [httpError(503)])
 * const server = setupServer(http.post('https://example.com/api/chat', answers))
 */
export function streamChat(...scripts: [Script, ...Script[]]): StreamedChat
export function streamChat<C extends Timers = ManualClock>(...scriptsAndOptions: [Script, ...Script[], ScriptOptions<C>]): StreamedChat<C>
export function streamChat(...given: (Script | ScriptOptions)[]): StreamedChat<Timers> {
  const [scripts, { clock = manualClock(), afterLast }] = splitOptions<ScriptOptions>(given)
  const { take } = scriptsOf(scripts, afterLast)
  const requests: StreamedRequest[] = []
  const runs = new Map<string, Playing>()

  async function answer({ request }: { request: Request }): Promise<Response> {
    const left = new AbortController()
    request.signal.addEventListener('abort', () => left.abort())
    const body: unknown = await request.clone().json()
    const { runId } = body as RunAgentInput
    const playing = runs.get(runId) ?? take()
    if (runId !== undefined) runs.set(runId, playing)
    requests.push({ url: request.url, headers: request.headers, body, input: body as RunAgentInput, signal: left.signal })
    return respond(playScript(playing, clock, left.signal), left, encoderFor(request))
  }
  return Object.assign(answer, { requests, clock })
}

type Read = Extract<Happening, { type: 'read' }>

interface Encoder {
  contentType: string
  encode(chunk: Chunk, id: string | undefined): string
}

function encoderFor(request: Request): Encoder {
  const accept = request.headers.get('accept') ?? ''
  const isNdjson = NDJSON.contentTypes.some((type) => accept.includes(type)) && !accept.includes(SSE.contentTypes[0])
  return isNdjson
    ? { contentType: NDJSON.contentTypes[0], encode: encodeNdjson }
    : { contentType: SSE.contentTypes[0], encode: (chunk, id) => encodeSse({ data: JSON.stringify(chunk), id }) }
}

/** The head goes out with the first thing that happens. */
async function respond(happenings: AsyncGenerator<Happening, void, void>, left: AbortController, encoder: Encoder): Promise<Response> {
  const first = (await happenings.next()).value ?? undefined
  if (first?.type === 'broken') return brokenAnswer(first.by)
  const head: Read | undefined = first
  const utf8 = new TextEncoder()
  const { signal } = left
  let onRead = () => {}
  let controller!: ReadableStreamDefaultController<Uint8Array>
  const body = new ReadableStream<Uint8Array>({
    start: (own) => void (controller = own),
    pull: () => onRead(),
    cancel: () => left.abort(),
  })
  signal.addEventListener('abort', () => onRead())

  const write = ({ chunks, cursor }: Read) =>
    controller.enqueue(utf8.encode(chunks.map((chunk, i) => encoder.encode(chunk, i === chunks.length - 1 ? cursor : undefined)).join('')))
  /** A stream that is broken forgets what nobody has read yet; a network delivers it. */
  async function allRead() {
    while (!signal.aborted && (controller.desiredSize ?? 1) <= 0) await new Promise<void>((resolve) => (onRead = resolve))
    await settled()
  }
  /** As the script says, whether or not somebody reads: a pause begins when what stands before it is out. */
  async function play() {
    try {
      if (head) write(head)
      for await (const happening of happenings) {
        if (signal.aborted) return
        if (happening.type === 'broken') throw new TypeError('The connection broke in the middle.', { cause: happening.by })
        write(happening)
      }
      if (!signal.aborted) controller.close()
    } catch (cause) {
      await allRead()
      if (!signal.aborted) controller.error(cause)
    }
  }
  void play()
  return new Response(body, { headers: { 'content-type': encoder.contentType } })
}

function brokenAnswer(by: Error | Drop | HttpFailure): Response {
  if (by instanceof Error || by.step === 'drop') return Response.error()
  const contentType = typeof by.body === 'string' ? 'text/plain' : 'application/json'
  const headers = new Headers({ ...(by.body !== undefined && { 'content-type': contentType }) })
  for (const [name, value] of Object.entries(by.headers)) headers.set(name, value)
  return new Response(by.body === undefined ? null : bodyText(by), { status: by.status, headers })
}
