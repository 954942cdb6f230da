/** One run as the server sees it, answered by hand. */
export interface PeerCall {
  body: Record<string, unknown>
  /** Sends chunks of this run. */
  say(...chunks: object[]): void
  /** Says that there is no more, whatever was said. */
  end(): void
  /** Sends what no client can read. */
  garble(): void
  /** Breaks the connection. */
  cut(): void
  refuse(refusal: Refusal): void
  /** Bytes of the answer, as they are. Resolves when they are on their way. */
  raw(bytes: Uint8Array): Promise<void>
  /** Resolves when the client is through with the run, or has left it. */
  closed: Promise<void>
}

interface Refusal {
  status: number
  message: string
  /** In seconds. */
  retryAfter?: number
}

/** How a run came out. */
export interface Turn {
  outcome: string
  text: string
  error?:
    | { code: string; status?: number | undefined; retryable: boolean; retryAfter?: number | undefined; serverCode?: string | undefined }
    | undefined
}

/** A chat in the place where the adapter lives: here, or in a browser. */
export interface Client {
  send(text: string): Promise<Turn>
  retry(): Promise<Turn>
  /** Sends and stops in one tick. */
  sendAndStop(text: string): Promise<Turn>
  stop(): Promise<void>
  untilSaid(text: string): Promise<void>
  state(): Promise<ClientState>
  /** One run, read without a chat; the reader dawdles between reads if it is slow. */
  read(pace?: 'slow'): Promise<Turn>
}

interface ClientState {
  status: string
  messages: string[]
  openParts: string[]
  warnings: number
}

/** A server, and clients of one connection to it. */
export interface Peer {
  next(): Promise<PeerCall>
  /** How many runs have come. */
  count(): number
  client(): Promise<Client>
  /** Resolves when nothing is open any more between the two. */
  allClosed(): Promise<void>
}

export interface Transport {
  name: string
  serve(): Promise<Peer>
  /** A run that is finished needs no other end. */
  endsAtFinish?: boolean
  /** The server can end a run that is not finished. */
  canEndEarly?: boolean
  /** No chunks are an answer too. */
  mayBeEmpty?: boolean
  /** The code of a refusal, where there are no statuses. */
  refusedWith?: string
  /** The code of garbage. */
  garbledWith: string
  /** Codes of a connection that breaks before and after the first chunk. */
  cutWith?: readonly [string, string]
  /** How chunks are written as bytes. */
  encode?: (chunk: object) => string
}

/** Values that are waited for before or after they come. */
export function inbox<T>() {
  const waiting: ((value: T) => void)[] = []
  const values: T[] = []
  let count = 0
  return {
    put(value: T): void {
      count += 1
      const take = waiting.shift()
      if (take) take(value)
      else values.push(value)
    },
    next: (): Promise<T> => {
      const value = values.shift()
      return value === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(value)
    },
    count: () => count,
  }
}

/** Counts what is open. */
export function tally() {
  let open = 0
  let wake: (() => void)[] = []
  return {
    add(): void {
      open += 1
    },
    remove(): void {
      open -= 1
      if (open > 0) return
      wake.forEach((each) => each())
      wake = []
    },
    none: (): Promise<void> => (open === 0 ? Promise.resolve() : new Promise((resolve) => wake.push(resolve))),
  }
}
