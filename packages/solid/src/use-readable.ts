import type { Readable } from '@statechat/core'
import { type Accessor, createComputed, createMemo, createSignal, on, onCleanup, onMount, sharedConfig } from 'solid-js'
import { isServer } from 'solid-js/web'
import { type MaybeAccessor, valueOf } from './maybe-accessor.ts'

/**
 * The value of a Readable, as an accessor: a signal says that there is a new one, and the value is pulled.
 * `getInitial` is read while a server's HTML is hydrated. Default: the current value.
 *
 * @example
 * const status = useReadable(() => props.chat.status)
 */
export function useReadable<T>(source: MaybeAccessor<Readable<T>>, getInitial?: () => T): Accessor<T> {
  const readable = createMemo(() => valueOf(source))
  const [tick, bump] = createSignal(undefined, { equals: false })
  let initial = sharedConfig.context ? getInitial : undefined

  if (!isServer) {
    createComputed(on(readable, ({ subscribe }) => onCleanup(subscribe(() => bump()))))
    if (initial)
      onMount(() => {
        initial = undefined
        bump()
      })
  }
  return createMemo(() => {
    tick()
    const { get } = readable()
    return (initial ?? get)()
  })
}
