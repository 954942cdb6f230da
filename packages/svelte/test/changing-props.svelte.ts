import { tick } from 'svelte'

/** Props that can be changed, as a parent would; raw, because a parent's options are no deep proxies either. */
export function changingProps<P extends object>(initial: P) {
  let current = $state.raw(initial)
  const props = {} as P
  for (const name of Object.keys(initial) as (keyof P)[]) Object.defineProperty(props, name, { enumerable: true, get: () => current[name] })
  return {
    props,
    async update(next: Partial<P>) {
      current = { ...current, ...next }
      await tick()
    },
  }
}
