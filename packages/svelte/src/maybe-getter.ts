/** A value, or a function that reads it from props or state: `() => options`. */
export type MaybeGetter<T> = T | (() => T)

export const valueOf = <T extends object>(source: MaybeGetter<T>): T => (typeof source === 'function' ? (source as () => T)() : source)
