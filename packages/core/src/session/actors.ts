import { fromCallback } from 'xstate'
import { joinConnection, readConnection } from '../connection/read-connection.ts'
import type { ConnectContext, JoinedRun } from '../connection/connection.ts'
import { ChatError, isChatError, messageOf } from '../errors.ts'
import { type Chunk, PROTOCOL_VERSION } from '../protocol/chunk.ts'
import { checkMessages } from '../transcript/check-messages.ts'
import { isRichChunk, isRichMessage, rich } from '../transcript/rich.ts'
import type { RunMode } from '../transcript/run.ts'
import { wireMessages } from '../transcript/wire-messages.ts'
import { answering, isLoaded, needsMore, loadMore } from './answering.ts'
import type { NetworkEvent, Restored, RestoreEvent, RunEvent, SendOptions } from './events.ts'
import { gather } from './gather.ts'
import type { ChatHost } from './host.ts'
import { advance, EMPTY_LEDGER, isTruncated } from './ledger.ts'
import { clientTools, type Fields, type PerRequest } from './options.ts'
import type { Reported, ToolInput } from './run-tool.ts'

export interface RunInput {
  host: ChatHost
  runId: string
  /** What the server calls it, if it was joined. */
  joinedId: string | null
  parentRunId: string | undefined
  /** The request is the path down to this message. */
  tip: string | null
  options: SendOptions
  mode: RunMode
  /** For `join`: the run that was going on when the conversation was stored. */
  soughtId: string | undefined
  trigger: 'regenerate' | undefined
  messageId: string | undefined
  /** Set to rejoin a run that dropped. */
  cursor: string | undefined
}

/** One request and its stream. Stopping the actor aborts the signal; what arrives afterwards is not heard. */
export const readRun = fromCallback<{ type: string }, RunInput>(({ input, sendBack }) => {
  const abort = new AbortController()
  let why: Error | undefined
  void pump(input, abort.signal, (event) => {
    if (event.type === 'run.closed') why = OVER
    sendBack(event)
  })
  return () => abort.abort(why)
})

/** Why the signal of a run that ended by itself aborts: one for all, as an abort without a reason takes a stack (1,000 chats: 9.9 → 9.0 times the floor). */
const OVER = new Error('The run is over.')

async function pump(input: RunInput, signal: AbortSignal, send: (event: RunEvent) => void): Promise<void> {
  const { host, runId } = input
  let cursor = input.cursor
  let told = cursor
  let opened = false
  let joined: JoinedRun | undefined
  let ledger = EMPTY_LEDGER
  const onCursor = (next: string) => {
    // A run that is looked for has a name of its own, which is not known yet: it cannot be asked for again.
    if (next === '' && input.mode === 'join') return
    cursor = next
    // Known before the request goes out, so that a stop reaches a run that has not answered.
    if (next === '' && !signal.aborted) tell([])
  }
  const tell = (chunks: readonly Chunk[]) => {
    told = cursor
    // A stream of chunks without positions cannot be resumed after all.
    send({ type: 'run.chunks', runId, chunks, cursor: cursor === '' && chunks.length > 0 ? null : cursor })
  }
  const reads = gather<Chunk>(tell, () => signal.aborted)
  let isCaughtUp = false
  const tellCaughtUp = () => {
    isCaughtUp = false
    reads.flush()
    send({ type: 'run.caughtUp', runId })
  }
  /** What is waiting, and a position that was given after the last read. */
  const tellRest = () => {
    reads.flush()
    if (cursor !== told && !signal.aborted) tell([])
  }
  try {
    const { messages, data, context } = await prepare(input, {
      onCursor,
      onJoin(run) {
        joined = run
      },
      onCaughtUp() {
        isCaughtUp = true
      },
    })
    if (signal.aborted) return
    const connection = host.tab?.via(host.options.connection) ?? host.options.connection
    const source = input.mode === 'join' ? joinConnection(connection, signal, context) : readConnection(connection, messages, data, signal, context)
    for await (const chunks of source) {
      if (signal.aborted) return
      if (!opened) send({ type: 'run.opened', runId, ...(joined && { joined: joined.runId, isReplay: joined.isReplay }) })
      opened = true
      if (!isLoaded() && chunks.some(isRichChunk)) {
        await loadMore()
        if (signal.aborted) return
      }
      if (host.options.outputSchema) ledger = advance(ledger, chunks)
      reads.add(chunks)
      if (isCaughtUp) tellCaughtUp()
    }
    tellRest()
    const { outputSchema } = host.options
    const isWhole = !signal.aborted && ledger.failure === null && ledger.terminal !== 'cancelled' && !isTruncated(ledger, host.options.tools ?? [])
    const output = outputSchema && isWhole ? await answering.get()?.checkOutput(host, outputSchema) : undefined
    if (signal.aborted) return
    if (output) send({ type: 'run.chunks', runId, chunks: [output], cursor })
    send({ type: 'run.closed', runId })
  } catch (cause) {
    tellRest()
    if (signal.aborted) return
    const error = toChatError(cause)
    send({ type: isDrop(error, input) ? 'run.dropped' : 'run.failed', runId, error })
  }
}

/** The transport broke; or a server that is asked for a run again is not there for the moment. */
const isDrop = ({ code, retryable }: ChatError, { cursor }: RunInput): boolean =>
  code === 'network' || code === 'truncated' || (code === 'http' && retryable && cursor !== undefined)

/** The request, from the transcript and the options as they are now. */
async function prepare(
  { host, runId, joinedId, parentRunId, tip, options, trigger, messageId, cursor, soughtId }: RunInput,
  listeners: Pick<ConnectContext, 'onCursor' | 'onJoin' | 'onCaughtUp'>,
) {
  const { threadId, transcript, options: live } = host
  const data = await merged(live.data, options.data)
  const body = await merged(live.body, options.body)
  // A server may have said that the conversation is another one.
  const messages = tip !== null && !transcript.get(tip) ? [...transcript.messages()] : transcript.pathTo(tip)
  if (!isLoaded() && (needsMore(live) || transcript.hasRich())) await loadMore()
  const more = rich.get()
  const tools = clientTools(live).map((tool) => answering.get()!.toWireTool(tool))
  const asked = messages.findLast(({ role }) => role === 'assistant')
  const resume = (asked && more?.resumeEntries(asked)) ?? []
  // A conversation that was stored or stopped knows from the question which run it goes on from.
  const parent = parentRunId ?? (asked && more?.askingRun(asked))
  const run = { threadId, runId: joinedId ?? runId, ...(parent !== undefined && { parentRunId: parent }), ...(resume.length > 0 && { resume }) }
  const context: ConnectContext = {
    input: {
      protocolVersion: PROTOCOL_VERSION,
      state: transcript.state() ?? {},
      messages: wireMessages(messages, more?.writeRichPart),
      tools,
      context: [],
      forwardedProps: data ?? {},
      ...run,
    },
    ...run,
    ...(trigger && { trigger }),
    ...(messageId !== undefined && { messageId }),
    ...(body && { body }),
    ...(data && { forwardedProps: data }),
    clientTools: tools.map(({ name, description, parameters }) => ({ name, description, parameters })),
    ...(cursor !== undefined && { cursor }),
    ...(soughtId !== undefined && { soughtId }),
    ...listeners,
    onWarning: (warning) => host.warn(warning),
  }
  return { messages, data, context }
}

async function merged(
  chat: PerRequest<Fields | undefined> | undefined,
  send: PerRequest<Fields | undefined> | undefined,
): Promise<Fields | undefined> {
  const [a, b] = [await resolve(chat), await resolve(send)]
  return a && b ? { ...a, ...b } : (b ?? a)
}

const resolve = <T>(value: PerRequest<T> | undefined): T | Promise<T> | undefined =>
  typeof value === 'function' ? (value as () => T | Promise<T>)() : value

/** Whether a dropped run is worth another try now. */
export const watchNetwork = fromCallback<{ type: string }, { host: ChatHost }>(({ input: { host }, sendBack }) =>
  host.network.watch((event) => sendBack(event satisfies NetworkEvent)),
)

/** Reads the stored messages. */
export const restoreMessages = fromCallback<{ type: string }, { host: ChatHost }>(({ input: { host }, sendBack }) => {
  let stopped = false
  const send = (event: RestoreEvent) => {
    if (!stopped) sendBack(event)
  }
  void Promise.resolve()
    .then(async () => {
      const stored = (await host.restore?.()) ?? null
      const restored: Restored = stored && 'messages' in stored ? stored : { messages: stored }
      const { messages } = restored
      if (messages) checkMessages(messages)
      if (!isLoaded() && (needsMore(host.options) || host.transcript.hasRich() || messages?.some(isRichMessage))) await loadMore()
      return restored
    })
    .then(
      (restored) => send({ type: 'restore.done', ...restored }),
      (cause: unknown) =>
        send({ type: 'restore.failed', error: new ChatError('restore', `The stored messages could not be loaded: ${messageOf(cause)}`, { cause }) }),
    )
  return () => {
    stopped = true
  }
})

/** One call of a client tool. */
export const runTool = fromCallback<{ type: string }, ToolInput>(({ input, sendBack }) =>
  answering.get()?.startCall(input, sendBack as (event: Reported) => void),
)

const toChatError = (cause: unknown): ChatError =>
  isChatError(cause) ? cause : new ChatError('connection', `The connection failed: ${messageOf(cause)}`, { cause })
