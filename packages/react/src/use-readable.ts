'use client'
import type { Readable } from '@statechat/core'
import { useSyncExternalStore } from 'react'

/**
 * The value of a Readable: renders again when it has become another one.
 * `getInitial` is read on the server and while its HTML is hydrated. Default: the current value.
 *
 * @example
 * const status = useReadable(chat.status)
 */
export function useReadable<T>({ subscribe, get }: Readable<T>, getInitial: () => T = get): T {
  return useSyncExternalStore(subscribe, get, getInitial)
}
