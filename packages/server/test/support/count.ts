/** `id-1`, `id-2`, … */
export function counter(prefix = 'id'): () => string {
  let n = 0
  return () => `${prefix}-${++n}`
}
