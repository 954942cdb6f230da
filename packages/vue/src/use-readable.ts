import type { Readable } from '@statechat/core'
import { computed, type ComputedRef, type MaybeRefOrGetter, onScopeDispose, shallowRef, toValue, watch } from 'vue'
import { isServerRendering, requireScope, useIsHydrated } from './rendering.ts'

/**
 * The value of a Readable as a readonly ref: subscribed from its first read until the scope is disposed of.
 * The value itself is given, never a proxy of it. `getInitial` is read while HTML of the server is hydrated.
 * Throws `ChatError` `misuse` outside `setup()` and `effectScope()`.
 *
 * @example
 * const status = useReadable(chat.status)
 */
export function useReadable<T>(source: MaybeRefOrGetter<Readable<T>>, getInitial?: () => T): ComputedRef<T> {
  requireScope()
  const isHydrated = useIsHydrated()
  const readable = computed(() => toValue(source))
  const tick = shallowRef(0)
  const follow = isServerRendering() ? () => {} : createFollower(readable, () => tick.value++)

  return computed(() => {
    const { get } = readable.value
    follow()
    void tick.value
    return isHydrated.value || !getInitial ? get() : getInitial()
  })
}

/** Keeps one subscription, from the first call on: to the present Readable, and never to one that was given before. */
function createFollower(readable: ComputedRef<Readable<unknown>>, onChange: () => void) {
  let followed: Readable<unknown> | null = null
  let end = () => {}
  let isOver = false

  function follow(next: Readable<unknown> | null) {
    if (next === followed) return
    end()
    followed = next
    end = next ? next.subscribe(onChange) : () => {}
  }
  watch(readable, (now) => now !== followed && follow(null))
  onScopeDispose(() => {
    isOver = true
    follow(null)
  })
  return () => isOver || follow(readable.value)
}
