import { ChatError, messageOf } from './errors.ts'

/** Code that only some conversations need: fetched once, when the first of them needs it. */
export interface Lazy<M> {
  /** Undefined until it is there. */
  get(): M | undefined
  /** Rejects with `ChatError` `load`; the next call tries again. */
  load(): Promise<M>
}

export function lazy<M>(fetchCode: () => Promise<M>): Lazy<M> {
  let code: M | undefined
  let loading: Promise<M> | undefined

  async function load(): Promise<M> {
    try {
      return (code = await fetchCode())
    } catch (cause) {
      loading = undefined
      throw new ChatError(
        'load',
        `A part of the library that this conversation needs could not be loaded: ${messageOf(cause)}. retry() tries again.`,
        {
          cause,
        },
      )
    }
  }

  return { get: () => code, load: () => (loading ??= load()) }
}
