import { lazy } from '../lazy.ts'
import type { Chunk } from './chunk.ts'
import type { Profile } from './order.ts'
import { createPlainRun } from './plain-run.ts'
import type { ChunkDecoder, DecoderOptions, Protocol, ProtocolRequest } from './protocol.ts'

export interface AgUiOptions {
  /**
   * `tolerant` (default) takes what real servers send and repairs it with a warning, the classic TanStack AI chunks included.
   * `strict` throws `ChatError` `protocol` at the first deviation from AG-UI 1.0.
   * `off` takes the order of events as it comes, with neither checks nor repairs: for a server that is known to be right.
   * A stream that never says RUN_STARTED is whole wherever it ends then. Shorthand and legacy events are still read.
   */
  profile?: Profile | undefined
}

/**
 * AG-UI 1.0, the default protocol of every connection. In every profile a malformed event of a known type is an error,
 * and what a later version may have added (a type, a kind of content, an outcome) is skipped, with one warning for each.
 * What checks and repairs is loaded with the first stream that is more than a well-formed run of text.
 *
 * @example fetchServerSentEvents('/api/chat', { protocol: agUi({ profile: 'strict' }) })
 * @see https://docs.ag-ui.com
 */
export function agUi({ profile = 'tolerant' }: AgUiOptions = {}): Protocol {
  return {
    name: 'ag-ui',
    encodeRequest,
    createDecoder: (options) => createDecoder(profile, options),
  }
}

function encodeRequest({ input, data }: ProtocolRequest): Record<string, unknown> {
  // Servers before 1.0 refuse a request without state, tools, context and forwardedProps.
  const request = { ...input, state: input.state ?? {}, tools: input.tools ?? [], context: input.context ?? [] }
  if (data === undefined) return { ...request, forwardedProps: input.forwardedProps ?? {} }
  // `data` on its own is where TanStack AI servers look for it.
  return { ...request, forwardedProps: { ...(input.forwardedProps as object | undefined), ...data }, data }
}

type Rules = typeof import('./ag-ui-rules.ts')

/** All of AG-UI, with its checks and repairs: a well-formed run of text does without. */
export const agUiRules = lazy<Rules>(() => import('./ag-ui-rules.ts'))

function createDecoder(profile: Profile, options: DecoderOptions): ChunkDecoder {
  const plain = createPlainRun(options.source)
  let rules: ChunkDecoder | undefined

  function take({ createAgUiDecoder }: Rules): ChunkDecoder {
    rules = createAgUiDecoder(profile, options)
    for (const event of plain.standing()) void rules.decode(event, [])
    return rules
  }
  /** A function of its own: what a function in `decode` needs would be allocated for each value. */
  async function takeLoaded(value: unknown, out: Chunk[]): Promise<void> {
    await take(await agUiRules.load()).decode(value, out)
  }

  return {
    decode(value, out) {
      if (rules) return rules.decode(value, out)
      if (profile === 'tolerant' && plain.accept(value, out)) return undefined
      const loaded = agUiRules.get()
      return loaded ? take(loaded).decode(value, out) : takeLoaded(value, out)
    },
    end: (out, ending) => rules?.end(out, ending),
  }
}
