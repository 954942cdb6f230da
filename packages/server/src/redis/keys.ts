/** The keys of one run, all in one slot of a cluster, and its channels. */
export interface RunKeys {
  /** Hash: what is known of the run. */
  readonly run: string
  /** Stream: its events. */
  readonly events: string
  /** Channel: there are events, or the run has ended. */
  readonly news: string
  /** Channel: the run is asked to stop. */
  readonly cancel: string
}

export function runKeys(prefix: string, runId: string): RunKeys {
  const run = `${prefix}:{${escaped(runId)}}`
  return { run: `${run}:m`, events: `${run}:l`, news: `${run}:w`, cancel: `${run}:c` }
}

/** Sorted set: the runs of a thread that may be open, by when they were claimed. */
export const threadKey = (prefix: string, threadId: string): string => `${prefix}:t:${escaped(threadId)}`

/** Braces would end the hash tag, an empty tag is none, and half a surrogate pair is not kept by UTF-8. */
function escaped(id: string): string {
  const text = id.replaceAll(/[{}%]|\p{Surrogate}/gu, (char) => `%${char.charCodeAt(0).toString(16)}`)
  return text === '' ? '%' : text
}
