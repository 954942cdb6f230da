import type { Readable } from '@statechat/core'
import { createReader } from './create-reader.ts'
import { type MaybeGetter, valueOf } from './maybe-getter.ts'

/** A value that `$effect`, `$derived` and markup follow when they read it here. Taking `current` out of it freezes it. */
export interface Reactive<T> {
  readonly current: T
}

/**
 * The value of a Readable, subscribed to only while an effect reads it; read elsewhere, it is just read. A getter may
 * choose another Readable. Needs no component.
 *
 * @example
 * const status = useReadable(chat.status)
 * $effect(() => console.log(status.current))
 */
export function useReadable<T>(readable: MaybeGetter<Readable<T>>): Reactive<T> {
  const { read } = createReader()
  return {
    get current() {
      return read(valueOf(readable))
    },
  }
}
