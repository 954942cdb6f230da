import type { Readable } from '@statechat/core'
import { onMount } from 'svelte'
import { createSubscriber } from 'svelte/reactivity'
import { isInComponent } from './chat-context.ts'

/** Reads Readables so that effects follow them. */
export interface Reader {
  /** The value; the effect that reads it here runs again when it is another one. */
  read<T>(readable: Readable<T>): T
  /** Ends every subscription; effects that run again subscribe again. */
  end(): void
}

/**
 * One subscription per Readable, while an effect reads it, and never longer than the component lives: an early Svelte
 * (5.7 is one) loses sight of what is subscribed to in the head of an `{#each}`.
 */
export function createReader(): Reader {
  const subscribers = new WeakMap<Readable<unknown>, () => void>()
  const open = new Set<() => void>()

  function subscriberOf(readable: Readable<unknown>): () => void {
    return createSubscriber((wake) => {
      const unsubscribe = readable.subscribe(wake)
      function end() {
        open.delete(end)
        subscribers.delete(readable)
        unsubscribe()
        // What goes on reading subscribes again.
        wake()
      }
      open.add(end)
      return () => open.has(end) && end()
    })
  }

  function end() {
    for (const endOne of open) endOne()
  }

  if (isInComponent()) onMount(() => end)
  return {
    read(readable) {
      const known = subscribers.get(readable)
      const subscribe = known ?? subscriberOf(readable)
      if (!known) subscribers.set(readable, subscribe)
      subscribe()
      return readable.get()
    },
    end,
  }
}
