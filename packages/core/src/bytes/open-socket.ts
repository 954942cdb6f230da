import { ChatError } from '../errors.ts'
import { messageOf } from '../errors.ts'
import { systemTimers, type Timers } from './timers.ts'
import { watchSilence } from './watch-silence.ts'

/** What is used of a WebSocket: the global one, or that of the `ws` package. */
export interface ClientSocket {
  onopen: ((event: never) => void) | null
  onmessage: ((event: never) => void) | null
  onclose: ((event: never) => void) | null
  onerror: ((event: never) => void) | null
  send(data: string): void
  close(code?: number, reason?: string): void
}

export interface SocketOptions {
  /** Subprotocols to offer. */
  protocols?: string | string[] | undefined
  /** In place of the global `WebSocket`, e.g. that of the `ws` package. */
  WebSocketImpl?: (new (url: string, protocols?: string | string[]) => ClientSocket) | undefined
  /** How long the server may be silent before it is sent a ping, in milliseconds; without an answer within 10 s it is gone. 0 is for ever. Default 35,000. */
  heartbeatMs?: number | undefined
  /** For tests. Default: the timers of the platform, which do not keep Node alive. */
  clock?: Timers | undefined
}

export interface SocketListener {
  onOpen(): void
  /** Each message: text, or whatever else was sent. */
  onMessage(data: unknown): void
  /** Once, unless it was closed from here. `why` is for a message. */
  onClose(why: string): void
}

export interface OpenSocket {
  send(text: string): void
  close(): void
}

const GRACE_MS = 10_000
const PING = '{"type":"ping"}'

/** Opens a socket and watches over it. Throws `ChatError` `connection` for an address that cannot be one. */
export function openSocket(address: string | URL, options: SocketOptions, listener: SocketListener): OpenSocket {
  const socket = create(address, options)
  let why = 'no answer'
  const silence = watchSilence({
    timers: options.clock ?? systemTimers,
    afterMs: options.heartbeatMs ?? 35_000,
    graceMs: GRACE_MS,
    ask: () => send(PING),
    onDead() {
      letGo()
      listener.onClose(`silent for more than ${GRACE_MS / 1000} seconds after a ping`)
    },
  })
  let isOpen = false

  function send(text: string): void {
    // Between a loss and its event a socket throws, or not: the event tells.
    try {
      if (isOpen) socket.send(text)
    } catch {}
  }
  function detach(): void {
    silence.stop()
    isOpen = false
    socket.onopen = socket.onmessage = socket.onclose = null
    // `ws` throws an error that nobody listens to.
    socket.onerror = () => {}
  }
  function letGo(): void {
    detach()
    // A dead socket does not answer the close frame either; `ws` would wait half a minute for it.
    if ('terminate' in socket) (socket as { terminate(): void }).terminate()
    else socket.close()
  }

  socket.onopen = () => {
    silence.heard()
    isOpen = true
    listener.onOpen()
  }
  socket.onmessage = ({ data }: { data: unknown }) => {
    silence.heard()
    listener.onMessage(data)
  }
  socket.onerror = ({ message }: { message?: unknown }) => {
    if (typeof message === 'string' && message !== '') why = message
  }
  socket.onclose = ({ code, reason }: { code?: number; reason?: string }) => {
    detach()
    listener.onClose([code === undefined || code === 1006 ? why : `closed with ${code}`, reason].filter(Boolean).join(': '))
  }
  return {
    send,
    close() {
      detach()
      socket.close()
    },
  }
}

function create(
  address: string | URL,
  { protocols, WebSocketImpl = globalThis.WebSocket as SocketOptions['WebSocketImpl'] }: SocketOptions,
): ClientSocket {
  if (WebSocketImpl === undefined) {
    throw new ChatError('connection', 'There is no WebSocket here. Pass one as WebSocketImpl, e.g. that of the ws package.', { retryable: false })
  }
  try {
    return new WebSocketImpl(socketUrl(address), protocols)
  } catch (cause) {
    throw new ChatError('connection', `${String(address)} is no address for a WebSocket: ${messageOf(cause)}`, { cause, retryable: false })
  }
}

/** Engines before 2024 take neither `/path` nor `https:`. */
function socketUrl(address: string | URL): string {
  const url = new URL(address, globalThis.location?.href)
  if (url.protocol === 'http:' || url.protocol === 'https:') url.protocol = url.protocol.replace('http', 'ws')
  url.hash = ''
  return url.href
}
