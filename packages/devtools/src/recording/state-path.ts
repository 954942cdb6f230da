/** A machine's state value: names, nested. */
export type StateValue = string | { readonly [state: string]: StateValue | undefined }

/** The names of the active states from the outside in: `running.streaming.receiving`. */
export function statePath(value: StateValue): string {
  if (typeof value === 'string') return value
  const [[name, child] = ['', undefined]] = Object.entries(value)
  return child === undefined ? name : `${name}.${statePath(child)}`
}

/** Whether a state is active when this is the path of the innermost one. */
export const isActive = (state: string, path: string): boolean => path === state || path.startsWith(`${state}.`)
