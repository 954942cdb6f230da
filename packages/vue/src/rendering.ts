import { ChatError } from '@statechat/core'
import { getCurrentInstance, getCurrentScope, hasInjectionContext, inject, onMounted, type Ref, shallowRef, ssrContextKey } from 'vue'

/** HTML is being rendered: nothing may be subscribed to or attached, because scopes are not disposed of there. */
export const isServerRendering = (): boolean =>
  typeof window === 'undefined' || (hasInjectionContext() && inject<unknown>(ssrContextKey, undefined) !== undefined)

/** False while the component takes over HTML that a server rendered, until it is mounted. */
export function useIsHydrated(): Readonly<Ref<boolean>> {
  const instance = getCurrentInstance()
  // Vue asks the same of it: only a component that adopts an element has one before it is mounted.
  const isHydrated = shallowRef(!instance?.vnode.el || instance.isMounted)
  if (!isHydrated.value) onMounted(() => (isHydrated.value = true))
  return isHydrated
}

/** What is subscribed to without a scope would never be let go of. */
export function requireScope(): void {
  if (getCurrentScope()) return
  throw new ChatError('misuse', 'There is no scope that a chat could live in: call this in setup(), or in effectScope().run(…).')
}
